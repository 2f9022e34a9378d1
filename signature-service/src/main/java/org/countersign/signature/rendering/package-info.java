/** Rendering of Markdown to safe HTML, and of HTML to PDF and images. */
@NullMarked
package org.countersign.signature.rendering;

import org.jspecify.annotations.NullMarked;
