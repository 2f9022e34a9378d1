package org.countersign.signature.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The order of a list of petitions. */
public enum ListOrder {
    /** By the time of publication. */
    NEWEST,
    /** By the number of verified signatures, in which closed petitions take part. */
    SIGNED,
    /** Only open petitions with a closing time, the next to close first. */
    CLOSING;

    /** Returns its name in addresses. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the order with a name, or empty if there is none. */
    static Optional<ListOrder> of(String key) {
        return Arrays.stream(values()).filter(order -> order.key().equals(key)).findAny();
    }

    /** Returns all names. */
    static List<String> keys() {
        return Arrays.stream(values()).map(ListOrder::key).toList();
    }
}
