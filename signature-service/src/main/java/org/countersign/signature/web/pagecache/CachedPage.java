package org.countersign.signature.web.pagecache;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A page that is the same for everybody, or for everybody but in one place. Both sides of that place are compressed
 * once and put together with what stands there, uncompressed, for each reader: deflated data may be cut wherever it was
 * flushed (RFC 1951, sections 2.3 and 3.2.4; RFC 1952).
 */
final class CachedPage {

    /** RFC 1952, section 2.3: no name, no time, made on any system. */
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int LARGEST_STORED = 0xffff;

    private final byte[] before;
    private final byte[] after;
    private final byte[] deflatedBefore;
    private final byte[] deflatedAfter;

    private CachedPage(byte[] before, byte[] after) {
        this.before = before;
        this.after = after;
        deflatedBefore = deflate(before, Deflater.SYNC_FLUSH);
        deflatedAfter = deflate(after, Deflater.NO_FLUSH);
    }

    /** Prepares a page that is the same for everybody. */
    static CachedPage of(byte[] page) {
        return new CachedPage(page, new byte[0]);
    }

    /**
     * Prepares a page.
     *
     * @param page as it was made for one reader
     * @param theirs what stands in it for them alone
     * @return null if that stands there more than once, or not at all, or is too long
     */
    static CachedPage of(byte[] page, byte[] theirs) {
        int at = find(page, theirs, 0);
        if (at < 0 || find(page, theirs, at + 1) >= 0 || theirs.length > LARGEST_STORED) {
            return null;
        }
        return new CachedPage(Arrays.copyOf(page, at), Arrays.copyOfRange(page, at + theirs.length, page.length));
    }

    /** The first place of some text in a page from another one on; negative if there is none. */
    static int find(byte[] text, byte[] wanted, int from) {
        for (int at = from; at <= text.length - wanted.length; at++) {
            if (Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** How many bytes it takes in memory. */
    int size() {
        return before.length + after.length + deflatedBefore.length + deflatedAfter.length;
    }

    /**
     * Answers with the page as it is for a reader.
     *
     * @param theirs what stands in it for them alone; empty if it is the same for everybody
     */
    void write(byte[] theirs, boolean compressed, HttpServletResponse response) throws IOException {
        byte[][] parts = compressed
                ? new byte[][] {GZIP_HEAD, deflatedBefore, stored(theirs), deflatedAfter, end(theirs)}
                : new byte[][] {before, theirs, after};
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            response.getOutputStream().write(part);
        }
    }

    /** A block of deflated data that is not compressed, and not the last. */
    private static byte[] stored(byte[] text) {
        return ByteBuffer.allocate(5 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putShort((short) text.length)
                .putShort((short) ~text.length)
                .put(text)
                .array();
    }

    private byte[] end(byte[] theirs) {
        CRC32 checksum = new CRC32();
        checksum.update(before);
        checksum.update(theirs);
        checksum.update(after);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt(before.length + theirs.length + after.length)
                .array();
    }

    private static byte[] deflate(byte[] text, int flush) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(text);
            if (flush == Deflater.NO_FLUSH) {
                deflater.finish();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            int length;
            do {
                length = deflater.deflate(buffer, 0, buffer.length, flush);
                out.write(buffer, 0, length);
            } while (length == buffer.length || flush == Deflater.NO_FLUSH && !deflater.finished());
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
