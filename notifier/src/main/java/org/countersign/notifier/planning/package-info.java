/** From events to deliveries. */
package org.countersign.notifier.planning;
