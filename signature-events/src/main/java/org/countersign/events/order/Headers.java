package org.countersign.events.order;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A record's headers by their names. Each is looked for first where the record before had it: whoever writes events writes their
 * headers in one order, and to make a text of each name, only to compare it, takes longer than to read an event.
 *
 * @param <H> a header
 */
public final class Headers<H> implements Function<String, byte[]> {

    private final Map<String, Integer> places = new HashMap<>();
    private final Function<H, String> name;
    private final Function<H, byte[]> value;
    private H[] headers;

    /**
     * For one thread.
     *
     * @param name  gives a header's name
     * @param value gives a header's value
     */
    public Headers(Function<H, String> name, Function<H, byte[]> value) {
        this.name = name;
        this.value = value;
    }

    /** Turns to a record with these headers. */
    public Headers<H> of(H[] headersOfRecord) {
        headers = headersOfRecord;
        return this;
    }

    /** The value of the header with this name, null where there is none. */
    @Override
    public byte[] apply(String wanted) {
        int place = places.getOrDefault(wanted, 0);
        if (place < headers.length && name.apply(headers[place]).equals(wanted)) {
            return value.apply(headers[place]);
        }
        for (int i = 0; i < headers.length; i++) {
            if (name.apply(headers[i]).equals(wanted)) {
                places.put(wanted, i);
                return value.apply(headers[i]);
            }
        }
        return null;
    }
}
