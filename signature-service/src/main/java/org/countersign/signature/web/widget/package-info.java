/** The widget for other sites, and its oEmbed description. */
@NullMarked
package org.countersign.signature.web.widget;

import org.jspecify.annotations.NullMarked;
