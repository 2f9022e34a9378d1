package org.countersign.notifier.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.countersign.maildata.MailData;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/**
 * A mail that is the same for all readers, except for the {@link ReaderText}s. It is composed and encoded once. For
 * each reader, the encoded texts of the reader are put between.
 *
 * <p>A quoted-printable text may be broken anywhere with an equals sign at the end of a line (RFC 2045, section 6.7).
 * Each text of a reader therefore starts on a line of its own.
 */
final class MailForm {

    /** Stand for the texts while the library composes the mail. Random, so that no other part can contain them. */
    static final String TEXT_BODY = UUID.randomUUID().toString().replace("-", "");

    static final String HTML_BODY = UUID.randomUUID().toString().replace("-", "");

    private static final String ENCODING = "quoted-printable";
    /** A line has at most 76 characters, with an encoded character and the sign of a soft line break at its end. */
    private static final int MAX_COLUMN = 72;

    private static final byte[] ENCODED_EQUALS_SIGN = {'=', '3', 'D'};
    private static final byte[] SOFT_LINE_BREAK = {'=', '\r', '\n'};

    private final List<Part> parts;
    private final int size;

    /** Text that all readers get, and what follows it. */
    private record Part(byte[] common, @Nullable Place next) {}

    private record Place(ReaderText text, boolean html) {

        /** Returns the text of one reader, encoded. */
        private byte[] of(MailData data) {
            String value = text.of(data);
            String shown = html ? HtmlUtils.htmlEscape(value, StandardCharsets.UTF_8.name()) : value;
            return isVisibleAscii(shown) ? encodeVisibleAscii(shown) : encode(shown);
        }
    }

    /**
     * Prepares a mail.
     *
     * @param message the complete mail with {@link #TEXT_BODY} and {@link #HTML_BODY} as quoted-printable bodies
     * @param text the text, with placeholders
     * @param html the HTML, with placeholders
     */
    MailForm(MimeMessage message, String text, String html) throws MessagingException {
        PartList list = new PartList();
        String whole = bytes(message);
        int textAt = whole.indexOf(TEXT_BODY);
        int htmlAt = whole.indexOf(HTML_BODY);
        list.add(whole.substring(0, textAt));
        list.addEncoded(text, false);
        list.add(whole.substring(textAt + TEXT_BODY.length(), htmlAt));
        list.addEncoded(html, true);
        list.add(whole.substring(htmlAt + HTML_BODY.length()));
        list.end(null);
        this.parts = List.copyOf(list.parts);
        this.size = parts.stream().mapToInt(part -> part.common().length).sum();
    }

    private static String bytes(MimeMessage message) throws MessagingException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            message.writeTo(bytes);
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot encode a mail", e);
        }
    }

    /** Collects the parts of a mail in their order. */
    private static final class PartList {

        private final List<Part> parts = new ArrayList<>();
        private ByteArrayOutputStream common = new ByteArrayOutputStream();

        void add(String ascii) {
            common.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
        }

        void addEncoded(String text, boolean html) {
            int start = 0;
            for (int at = 0; at < text.length(); ) {
                Place found = place(text, at, html);
                if (found == null) {
                    at++;
                } else {
                    common.writeBytes(encode(text.substring(start, at)));
                    breakLine(text, at);
                    end(found);
                    at += found.text().placeholder().length();
                    start = at;
                    common.writeBytes(SOFT_LINE_BREAK);
                }
            }
            common.writeBytes(encode(text.substring(start)));
        }

        private void breakLine(String text, int at) {
            if (at > 0 && text.charAt(at - 1) != '\n') {
                common.writeBytes(SOFT_LINE_BREAK);
            }
        }

        private static @Nullable Place place(String text, int at, boolean html) {
            for (ReaderText one : ReaderText.values()) {
                if (text.startsWith(one.placeholder(), at)) {
                    return new Place(one, html);
                }
            }
            return null;
        }

        void end(@Nullable Place next) {
            parts.add(new Part(common.toByteArray(), next));
            common = new ByteArrayOutputStream();
        }
    }

    private static byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + text.length() / 4);
        try (OutputStream encoder = MimeUtility.encode(bytes, ENCODING)) {
            encoder.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException("Cannot encode a text", e);
        }
        return bytes.toByteArray();
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Does the same as the library for links, in a tenth of the time: only the equals sign needs an encoding. */
    private static byte[] encodeVisibleAscii(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * text.length());
        int column = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (column > MAX_COLUMN) {
                bytes.writeBytes(SOFT_LINE_BREAK);
                column = 0;
            }
            if (c == '=') {
                bytes.writeBytes(ENCODED_EQUALS_SIGN);
                column += ENCODED_EQUALS_SIGN.length;
            } else {
                bytes.write(c);
                column++;
            }
        }
        return bytes.toByteArray();
    }

    /** Returns the size in memory, in bytes. */
    int size() {
        return size;
    }

    /**
     * Completes the mail for one reader.
     *
     * @param headers the header lines of this mail, which the form does not have
     * @return the mail as SMTP transmits it
     */
    byte[] complete(String headers, MailData data) {
        ByteArrayOutputStream mail = new ByteArrayOutputStream(headers.length() + size + size / 2);
        mail.writeBytes(headers.getBytes(StandardCharsets.US_ASCII));
        for (Part part : parts) {
            mail.writeBytes(part.common());
            if (part.next() != null) {
                mail.writeBytes(part.next().of(data));
            }
        }
        return mail.toByteArray();
    }
}
