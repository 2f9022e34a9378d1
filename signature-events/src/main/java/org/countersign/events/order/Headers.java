package org.countersign.events.order;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A record's headers by their names. To make a text of each name, only to compare it, takes longer than to read an event; and whoever
 * writes events writes their headers in one order. So a record that has as many headers as the one before, and the witness where that had
 * it, is taken to be laid out like it. If it then can't be read, {@link #distrust()} has each header looked for by its name.
 *
 * @param <H> a header
 */
public final class Headers<H> implements Function<String, byte[]> {

    private final Function<H, String> name;
    private final Function<H, byte[]> value;
    private final String witness;
    private final Map<String, Integer> places = new HashMap<>();
    private int length;
    private boolean trusting;
    private H[] headers;

    /**
     * For one thread.
     *
     * @param name    gives a header's name
     * @param value   gives a header's value
     * @param witness the name of a header that every record has
     */
    public Headers(Function<H, String> name, Function<H, byte[]> value, String witness) {
        this.name = name;
        this.value = value;
        this.witness = witness;
    }

    /** Turns to a record with these headers. */
    public void turnTo(H[] headersOfRecord) {
        headers = headersOfRecord;
        int place = places.getOrDefault(witness, headers.length);
        trusting = length == headers.length && place < length && name.apply(headers[place]).equals(witness);
        if (!trusting) {
            look();
        }
    }

    /** Has each header of this record looked for by its name; answers whether that was not done already. */
    public boolean distrust() {
        boolean trusted = trusting;
        if (trusted) {
            trusting = false;
            look();
        }
        return trusted;
    }

    private void look() {
        places.clear();
        length = headers.length;
        for (int i = 0; i < length; i++) {
            places.putIfAbsent(name.apply(headers[i]), i);
        }
    }

    /** The value of the header with this name, null where there is none. */
    @Override
    public byte[] apply(String wanted) {
        Integer place = places.get(wanted);
        return place == null ? null : value.apply(headers[place]);
    }
}
