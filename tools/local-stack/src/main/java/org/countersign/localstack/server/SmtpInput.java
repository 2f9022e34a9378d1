package org.countersign.localstack.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads command lines and mails from an SMTP connection. Only CR LF ends a line (RFC 5321, section 2.3.8). */
final class SmtpInput {

    /** RFC 5321, section 4.5.3.1.4 requires 512 bytes, and extensions add some. */
    private static final int MAX_LINE_BYTES = 2048;

    private static final int BUFFER_BYTES = 16_384;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;

    SmtpInput(InputStream in) {
        this.in = in;
    }

    /** Bytes up to a limit. Those after it are dropped. */
    private static final class LimitedBytes {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        private final int limit;
        private long size;
        private int lastButOne;
        private int last;

        LimitedBytes(int limit) {
            this.limit = limit;
        }

        void add(byte[] from, int start, int length) {
            size += length;
            if (size <= limit) {
                bytes.write(from, start, length);
            }
            lastButOne = length > 1 ? from[start + length - 2] : last;
            last = from[start + length - 1];
        }

        boolean endsWithLine() {
            return lastButOne == '\r' && last == '\n';
        }

        boolean isAtLineStart() {
            return size == 0 || endsWithLine();
        }

        Optional<byte[]> all() {
            return size > limit ? Optional.empty() : Optional.of(bytes.toByteArray());
        }
    }

    /**
     * Reads a line.
     *
     * @return the line without its end. Empty if it was too long
     * @throws EOFException if the client has disconnected
     */
    Optional<String> readLine() throws IOException {
        LimitedBytes line = new LimitedBytes(MAX_LINE_BYTES);
        while (!line.endsWithLine()) {
            require(1);
            readTo(line);
        }
        return line.all().map(bytes -> new String(bytes, 0, bytes.length - 2, StandardCharsets.UTF_8));
    }

    /**
     * Reads a mail up to the line of one dot, and removes the dots that the client has added (RFC 5321, section 4.5.2).
     *
     * @return the mail. Empty if it has more bytes than allowed
     * @throws EOFException if the client has disconnected
     */
    Optional<byte[]> readMail(int maxBytes) throws IOException {
        LimitedBytes mail = new LimitedBytes(maxBytes);
        while (true) {
            require(1);
            if (mail.isAtLineStart() && buffer[start] == '.') {
                require(3);
                if (buffer[start + 1] == '\r' && buffer[start + 2] == '\n') {
                    start += 3;
                    return mail.all();
                }
                start++;
            }
            readTo(mail);
        }
    }

    /** Moves bytes up to the next line feed, or all that there are. */
    private void readTo(LimitedBytes bytes) {
        int at = start;
        while (at < end - 1 && buffer[at] != '\n') {
            at++;
        }
        bytes.add(buffer, start, at + 1 - start);
        start = at + 1;
    }

    /** Waits until the buffer has some bytes. */
    private void require(int bytes) throws IOException {
        while (end - start < bytes) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new EOFException("the client has disconnected");
            }
            end += count;
        }
    }
}
