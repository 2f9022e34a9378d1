/** What the notifier stores of each published petition: title, language, goal and milestones. */
@NullMarked
package org.countersign.notifier.petition;

import org.jspecify.annotations.NullMarked;
