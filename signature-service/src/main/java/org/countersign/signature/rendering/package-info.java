/** Pages that are not shown in a browser: made from HTML and CSS into PDF and pictures. */
package org.countersign.signature.rendering;
