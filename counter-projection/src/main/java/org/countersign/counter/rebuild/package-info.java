/** Having everything counted anew, as it is asked for over HTTP. */
package org.countersign.counter.rebuild;
