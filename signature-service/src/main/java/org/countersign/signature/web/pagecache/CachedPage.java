package org.countersign.signature.web.pagecache;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A page that is the same for all readers, except for some places.
 *
 * <p>The text between those places is compressed once. For each reader, the texts of the reader are put between as
 * blocks that are not compressed. Deflated data may be cut where it was flushed (RFC 1951, sections 2.3 and 3.2.4; RFC
 * 1952).
 */
final class CachedPage {

    /** A gzip header without name and time, for an unknown operating system (RFC 1952, section 2.3). */
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** The largest block that is not compressed, in bytes (RFC 1951, section 3.2.4). */
    private static final int MAX_STORED_BLOCK = 0xffff;

    private final List<CommonText> texts;
    private final int size;

    /**
     * A text that all readers get.
     *
     * @param plain its bytes
     * @param deflated its bytes, compressed
     * @param next the number of the reader's text that follows it; -1 at the end of the page
     */
    private record CommonText(byte[] plain, byte[] deflated, int next) {

        static CommonText of(byte[] plain, int next) {
            return new CommonText(plain, deflate(plain, next < 0 ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH), next);
        }
    }

    private CachedPage(List<CommonText> texts) {
        this.texts = List.copyOf(texts);
        this.size = texts.stream()
                .mapToInt(text -> text.plain().length + text.deflated().length)
                .sum();
    }

    /** Caches a page that is the same for all readers. */
    static CachedPage of(byte[] page) {
        return of(page, List.of());
    }

    /**
     * Caches a page that differs in some places, each of which occurs once.
     *
     * @param page as it was rendered for one reader
     * @param readerTexts the parts of the page that are for this reader only
     * @return empty if the page does not contain each text exactly once
     */
    static Optional<CachedPage> ofOnceEach(byte[] page, List<byte[]> readerTexts) {
        CachedPage cached = of(page, readerTexts);
        long found = cached.texts.stream()
                .mapToInt(CommonText::next)
                .filter(next -> next >= 0)
                .distinct()
                .count();
        return cached.texts.size() == readerTexts.size() + 1 && found == readerTexts.size()
                ? Optional.of(cached)
                : Optional.empty();
    }

    /**
     * Caches a page that differs in some places.
     *
     * @param page as it was rendered
     * @param placeholders the texts to replace for each reader; each may occur any number of times
     */
    static CachedPage of(byte[] page, List<byte[]> placeholders) {
        List<CommonText> texts = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < page.length; ) {
            int found = placeholder(page, at, placeholders);
            if (found < 0) {
                at++;
            } else {
                texts.add(CommonText.of(Arrays.copyOfRange(page, start, at), found));
                at += placeholders.get(found).length;
                start = at;
            }
        }
        texts.add(CommonText.of(Arrays.copyOfRange(page, start, page.length), -1));
        return new CachedPage(texts);
    }

    private static int placeholder(byte[] page, int at, List<byte[]> placeholders) {
        for (int i = 0; i < placeholders.size(); i++) {
            byte[] wanted = placeholders.get(i);
            if (at + wanted.length <= page.length
                    && Arrays.equals(page, at, at + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Tells whether a text occurs in another. */
    static boolean contains(byte[] text, byte[] wanted) {
        return IntStream.range(0, text.length).anyMatch(at -> placeholder(text, at, List.of(wanted)) == 0);
    }

    /** Returns the size in memory, in bytes. */
    int size() {
        return size;
    }

    /**
     * Writes the page for one reader.
     *
     * @param readerTexts the texts for this reader, in the order of the placeholders
     * @param compressed whether the reader accepts gzip
     * @param response gets the length, the encoding and the body
     * @throws IOException if the reader has closed the connection
     */
    void write(List<byte[]> readerTexts, boolean compressed, HttpServletResponse response) throws IOException {
        List<byte[]> parts = compressed ? compressed(readerTexts) : plain(readerTexts);
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(parts.stream().mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            // Tomcat closes a response that is complete. After that, it also refuses to write an empty array.
            if (part.length > 0) {
                response.getOutputStream().write(part);
            }
        }
    }

    private List<byte[]> plain(List<byte[]> readerTexts) {
        List<byte[]> parts = new ArrayList<>();
        for (CommonText text : texts) {
            parts.add(text.plain());
            if (text.next() >= 0) {
                parts.add(readerTexts.get(text.next()));
            }
        }
        return parts;
    }

    private List<byte[]> compressed(List<byte[]> readerTexts) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(GZIP_HEADER);
        for (CommonText text : texts) {
            parts.add(text.deflated());
            if (text.next() >= 0) {
                stored(readerTexts.get(text.next()), parts);
            }
        }
        parts.add(trailer(plain(readerTexts)));
        return parts;
    }

    /** Adds deflate blocks that are not compressed and not the last ones. */
    private static void stored(byte[] text, List<byte[]> parts) {
        for (int from = 0; from < text.length; from += MAX_STORED_BLOCK) {
            int length = Math.min(MAX_STORED_BLOCK, text.length - from);
            parts.add(ByteBuffer.allocate(5 + length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 0)
                    .putShort((short) length)
                    .putShort((short) ~length)
                    .put(text, from, length)
                    .array());
        }
    }

    private static byte[] trailer(List<byte[]> plain) {
        CRC32 checksum = new CRC32();
        plain.forEach(checksum::update);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt(plain.stream().mapToInt(part -> part.length).sum())
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
