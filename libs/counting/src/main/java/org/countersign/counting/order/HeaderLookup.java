package org.countersign.counting.order;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the headers of records by name. Decoding all names takes longer than reading an event, and a producer writes
 * its headers in one order. A record with the same number of headers and the same witness is therefore assumed to have
 * the layout of the record before. If it turns out unreadable, {@link #resolveByName()} decodes its names.
 *
 * @param <H> the type of a header
 */
public final class HeaderLookup<H> implements Function<String, byte @Nullable []> {

    private final Function<H, String> name;
    private final Function<H, byte[]> value;
    private final String witness;
    /** The layout of the last decoded record, with interned names, so that most comparisons are by identity. */
    private String[] names = {};

    private int witnessed;
    private boolean trusting;

    @SuppressWarnings("unchecked")
    private H[] headers = (H[]) new Object[0];

    /**
     * Not thread-safe.
     *
     * @param name returns the name of a header
     * @param value returns the value of a header
     * @param witness the name of a header that every record has
     */
    public HeaderLookup(Function<H, String> name, Function<H, byte[]> value, String witness) {
        this.name = name;
        this.value = value;
        this.witness = witness;
    }

    /** Selects the record with these headers. */
    public void select(H[] headersOfRecord) {
        headers = headersOfRecord;
        trusting = names.length == headers.length
                && witnessed < headers.length
                && name.apply(headers[witnessed]).equals(witness);
        if (!trusting) {
            decodeNames();
        }
    }

    /** Decodes the names of this record. Returns false if they were decoded already. */
    public boolean resolveByName() {
        boolean trusted = trusting;
        if (trusted) {
            trusting = false;
            decodeNames();
        }
        return trusted;
    }

    private void decodeNames() {
        names = new String[headers.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = name.apply(headers[i]).intern();
        }
        int place = placeOf(witness);
        witnessed = place < 0 ? names.length : place;
    }

    private int placeOf(String wanted) {
        for (int i = 0; i < names.length; i++) {
            if (names[i] == wanted) {
                return i;
            }
        }
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the value of a header, or null if there is none. Of several headers the first counts. */
    @Override
    public byte @Nullable [] apply(String wanted) {
        int place = placeOf(wanted);
        return place < 0 ? null : value.apply(headers[place]);
    }
}
