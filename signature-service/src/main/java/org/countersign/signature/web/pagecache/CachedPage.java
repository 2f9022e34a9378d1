package org.countersign.signature.web.pagecache;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A page that is the same for all readers, except for at most one place.
 *
 * <p>The text before and after that place is compressed once. For each reader, the text of the reader is put between as
 * a block that is not compressed. Deflated data may be cut where it was flushed (RFC 1951, sections 2.3 and 3.2.4; RFC
 * 1952).
 */
final class CachedPage {

    /** A gzip header without name and time, for an unknown operating system (RFC 1952, section 2.3). */
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** The largest block that is not compressed, in bytes (RFC 1951, section 3.2.4). */
    private static final int MAX_STORED_BLOCK = 0xffff;

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

    /** Caches a page that is the same for all readers. */
    static CachedPage of(byte[] page) {
        return new CachedPage(page, new byte[0]);
    }

    /**
     * Caches a page that differs in one place.
     *
     * @param page as it was rendered for one reader
     * @param readerText the part of the page that is for this reader only
     * @return empty if the page does not contain the text exactly once, or if the text is too long
     */
    static Optional<CachedPage> of(byte[] page, byte[] readerText) {
        int at = find(page, readerText, 0);
        if (at < 0 || find(page, readerText, at + 1) >= 0 || readerText.length > MAX_STORED_BLOCK) {
            return Optional.empty();
        }
        return Optional.of(
                new CachedPage(Arrays.copyOf(page, at), Arrays.copyOfRange(page, at + readerText.length, page.length)));
    }

    /** Returns the first index of a text at or after an index, or -1 if there is none. */
    static int find(byte[] text, byte[] wanted, int from) {
        for (int at = from; at <= text.length - wanted.length; at++) {
            if (Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the size in memory, in bytes. */
    int size() {
        return before.length + after.length + deflatedBefore.length + deflatedAfter.length;
    }

    /**
     * Writes the page for one reader.
     *
     * @param readerText the part of the page that is for this reader only; empty if the page is the same for all
     * @param compressed whether the reader accepts gzip
     * @param response gets the length, the encoding and the body
     * @throws IOException if the reader has closed the connection
     */
    void write(byte[] readerText, boolean compressed, HttpServletResponse response) throws IOException {
        byte[][] parts = compressed
                ? new byte[][] {GZIP_HEADER, deflatedBefore, stored(readerText), deflatedAfter, trailer(readerText)}
                : new byte[][] {before, readerText, after};
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            // Tomcat closes a response that is complete. After that, it also refuses to write an empty array.
            if (part.length > 0) {
                response.getOutputStream().write(part);
            }
        }
    }

    /** Returns a deflate block that is not compressed and not the last one. */
    private static byte[] stored(byte[] text) {
        return ByteBuffer.allocate(5 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putShort((short) text.length)
                .putShort((short) ~text.length)
                .put(text)
                .array();
    }

    private byte[] trailer(byte[] readerText) {
        CRC32 checksum = new CRC32();
        checksum.update(before);
        checksum.update(readerText);
        checksum.update(after);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt(before.length + readerText.length + after.length)
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
