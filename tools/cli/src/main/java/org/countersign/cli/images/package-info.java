/** Container images of the services, with an AOT cache inside. */
@NullMarked
package org.countersign.cli.images;

import org.jspecify.annotations.NullMarked;
