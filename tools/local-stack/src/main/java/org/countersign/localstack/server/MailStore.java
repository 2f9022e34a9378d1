package org.countersign.localstack.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Stores mails unchanged in one file. Each record has two lengths, the time of arrival, the recipient and the message.
 * Memory holds only the positions of the mails, so that a burst of a million mails fits.
 */
final class MailStore implements AutoCloseable {

    private static final int HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;

    /** A mail as SMTP delivered it. */
    record StoredMail(int id, Instant receivedAt, String to, byte[] message) {}

    private final FileChannel file;
    private final List<Long> positions = new ArrayList<>();
    private final Map<String, List<Integer>> byRecipient = new HashMap<>();
    private long end;

    MailStore(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        while (indexNext()) {
            // Each call indexes one mail.
        }
        file.truncate(end);
    }

    private boolean indexNext() throws IOException {
        if (end + HEADER_BYTES > file.size()) {
            return false;
        }
        ByteBuffer head = read(end, HEADER_BYTES);
        int toLength = head.getInt();
        int messageLength = head.getInt();
        long next = end + HEADER_BYTES + toLength + messageLength;
        if (toLength < 0 || messageLength < 0 || next > file.size()) {
            return false;
        }
        index(new String(read(end + HEADER_BYTES, toLength).array(), StandardCharsets.UTF_8), next);
        return true;
    }

    private void index(String to, long next) {
        byRecipient.computeIfAbsent(to, key -> new ArrayList<>(1)).add(positions.size());
        positions.add(end);
        end = next;
    }

    synchronized void add(String recipient, byte[] message) {
        String to = key(recipient);
        byte[] toBytes = to.getBytes(StandardCharsets.UTF_8);
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + toBytes.length + message.length)
                .putInt(toBytes.length)
                .putInt(message.length)
                .putLong(System.currentTimeMillis())
                .put(toBytes)
                .put(message)
                .flip();
        try {
            long next = end + record.remaining();
            for (long at = end; record.hasRemaining(); ) {
                at += file.write(record, at);
            }
            index(to, next);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the mail", e);
        }
    }

    /** Returns the mails to an address, oldest first. */
    synchronized List<StoredMail> to(String address) {
        return byRecipient.getOrDefault(key(address), List.of()).stream()
                .map(this::get)
                .toList();
    }

    /** Returns the newest mails in the order of their arrival. */
    synchronized List<StoredMail> newest(int count) {
        return after(positions.size() - count - 1, count);
    }

    /** Returns the mails with a higher id in the order of their arrival, at most as many as the limit. */
    synchronized List<StoredMail> after(int id, int limit) {
        List<StoredMail> mails = new ArrayList<>();
        for (int next = Math.max(0, id + 1); next < positions.size() && mails.size() < limit; next++) {
            mails.add(get(next));
        }
        return mails;
    }

    /** Returns the number of mails. Their ids start at 0. */
    synchronized int size() {
        return positions.size();
    }

    /**
     * Returns a mail.
     *
     * @throws IndexOutOfBoundsException if there is no mail with this id
     */
    synchronized StoredMail get(int id) {
        try {
            long position = positions.get(id);
            ByteBuffer head = read(position, HEADER_BYTES);
            int toLength = head.getInt();
            int messageLength = head.getInt();
            Instant receivedAt = Instant.ofEpochMilli(head.getLong());
            String to = new String(read(position + HEADER_BYTES, toLength).array(), StandardCharsets.UTF_8);
            return new StoredMail(
                    id,
                    receivedAt,
                    to,
                    read(position + HEADER_BYTES + toLength, messageLength).array());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mail", e);
        }
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int count = file.read(buffer, position + buffer.position());
            if (count < 0) {
                throw new EOFException("the mail file ends early");
            }
        }
        return buffer.flip();
    }

    private static String key(String address) {
        return address.trim().toLowerCase(Locale.ROOT);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
