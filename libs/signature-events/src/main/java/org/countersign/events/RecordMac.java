package org.countersign.events;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the MAC of a record: header {@code ce_mac}, in Base64. It covers the index, id, type, time,
 * petition, subject and data. A record without a valid one was not published by this installation.
 */
public final class RecordMac {

    /** The header with the MAC. */
    public static final String HEADER = "ce_mac";

    /** Keeps this MAC apart from other uses of the key. */
    private static final byte DOMAIN = 2;

    private static final String[] COVERED = {
        CloudEvent.INDEX, "ce_id", "ce_type", "ce_time", CloudEvent.PETITION, "ce_subject"
    };
    private static final int MISSING = -1;
    private static final byte[] NO_DATA = {};

    private final Function<byte[][], byte[]> tag;
    private final BiPredicate<byte[], byte[][]> verifies;

    /**
     * @param tag returns the tag of the joined parts
     * @param verifies tells whether a tag is that of the joined parts
     */
    public RecordMac(Function<byte[][], byte[]> tag, BiPredicate<byte[], byte[][]> verifies) {
        this.tag = tag;
        this.verifies = verifies;
    }

    /**
     * Returns the value of the header.
     *
     * @param header returns the value of a header by name, or null
     * @param data the record's value
     */
    public byte[] of(Function<String, byte @Nullable []> header, byte @Nullable [] data) {
        return Base64.getEncoder().encode(tag.apply(parts(header, data)));
    }

    /**
     * Tells whether a record has a valid MAC.
     *
     * @param header returns the value of a header by name, or null
     * @param data the record's value
     */
    public boolean isValid(Function<String, byte @Nullable []> header, byte @Nullable [] data) {
        byte[] text = header.apply(HEADER);
        if (text == null) {
            return false;
        }
        try {
            return verifies.test(Base64.getDecoder().decode(text), parts(header, data));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** The length of each attribute precedes it, so that no two records have the same bytes. */
    private static byte[][] parts(Function<String, byte @Nullable []> header, byte @Nullable [] data) {
        byte[] @Nullable [] values = new byte[COVERED.length][];
        int size = 1 + COVERED.length * Integer.BYTES + 1;
        for (int i = 0; i < COVERED.length; i++) {
            byte[] value = header.apply(COVERED[i]);
            values[i] = value;
            size += value == null ? 0 : value.length;
        }
        ByteBuffer attributes = ByteBuffer.allocate(size).put(DOMAIN);
        for (byte[] value : values) {
            attributes.putInt(value == null ? MISSING : value.length);
            if (value != null) {
                attributes.put(value);
            }
        }
        attributes.put((byte) (data == null ? 0 : 1));
        return new byte[][] {attributes.array(), data == null ? NO_DATA : data};
    }
}
