package org.countersign.signature.publiclog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored form of up to 256 adjacent entries. Each entry is a number of variable length: twice the distance to the
 * event of the entry before, plus one for a milestone, whose threshold follows. The first distance is from 0.
 */
final class EntryBundle {

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private EntryBundle() {}

    static byte[] encode(List<EntryRef> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * entries.size() + Long.BYTES);
        long before = 0;
        for (EntryRef entry : entries) {
            write(bytes, (entry.event() - before) << 1 | (entry.isMilestone() ? 1 : 0));
            if (entry.isMilestone()) {
                write(bytes, entry.milestone());
            }
            before = entry.event();
        }
        return bytes.toByteArray();
    }

    static List<EntryRef> decode(byte[] bytes) {
        return new Decoder(bytes).entries();
    }

    private static void write(ByteArrayOutputStream bytes, long number) {
        long rest = number;
        while (rest >= MORE) {
            bytes.write((int) (rest & MORE - 1) | MORE);
            rest >>>= BITS;
        }
        bytes.write((int) rest);
    }

    private static final class Decoder {

        private final byte[] bytes;
        private int at;

        private Decoder(byte[] bytes) {
            this.bytes = bytes;
        }

        private List<EntryRef> entries() {
            List<EntryRef> entries = new ArrayList<>();
            long event = 0;
            while (at < bytes.length) {
                long number = number();
                event += number >>> 1;
                entries.add(new EntryRef(event, (number & 1) == 0 ? 0 : number()));
            }
            return entries;
        }

        private long number() {
            long number = 0;
            for (int shift = 0; ; shift += BITS) {
                byte part = bytes[at++];
                number |= (long) (part & MORE - 1) << shift;
                if (part >= 0) {
                    return number;
                }
            }
        }
    }
}
