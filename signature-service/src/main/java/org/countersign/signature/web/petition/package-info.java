/** The pages of petitions, their preview image and their map. They work without JavaScript. */
@NullMarked
package org.countersign.signature.web.petition;

import org.jspecify.annotations.NullMarked;
