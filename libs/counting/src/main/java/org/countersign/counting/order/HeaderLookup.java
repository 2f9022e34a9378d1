package org.countersign.counting.order;

import java.util.function.Function;

/**
 * A record's headers by their names. To make a text of each name, only to compare it, takes longer than to read an
 * event; and whoever writes events writes their headers in one order. So a record that has as many headers as the one
 * before, and the witness where that had it, is taken to be laid out like it. If it then can't be read,
 * {@link #distrust()} has each header looked for by its name.
 *
 * @param <H> a header
 */
public final class HeaderLookup<H> implements Function<String, byte[]> {

    private final Function<H, String> name;
    private final Function<H, byte[]> value;
    private final String witness;
    /**
     * As they were laid out when they were last looked at, interned: most names are then the very text that is asked
     * for.
     */
    private String[] names = {};

    private int witnessed;
    private boolean trusting;
    private H[] headers;

    /**
     * For one thread.
     *
     * @param name gives a header's name
     * @param value gives a header's value
     * @param witness the name of a header that every record has
     */
    public HeaderLookup(Function<H, String> name, Function<H, byte[]> value, String witness) {
        this.name = name;
        this.value = value;
        this.witness = witness;
    }

    /** Turns to a record with these headers. */
    public void turnTo(H[] headersOfRecord) {
        headers = headersOfRecord;
        trusting = names.length == headers.length
                && witnessed < headers.length
                && name.apply(headers[witnessed]).equals(witness);
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

    /** The value of the header with this name, null where there is none; of several the first. */
    @Override
    public byte[] apply(String wanted) {
        int place = placeOf(wanted);
        return place < 0 ? null : value.apply(headers[place]);
    }
}
