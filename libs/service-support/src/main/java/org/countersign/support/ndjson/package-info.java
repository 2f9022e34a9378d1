/** Long answers as newline-delimited JSON with progress, an end line and a failure line. */
@NullMarked
package org.countersign.support.ndjson;

import org.jspecify.annotations.NullMarked;
