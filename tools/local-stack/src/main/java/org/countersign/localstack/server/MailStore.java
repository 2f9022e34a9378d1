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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Mails in one file, each as it came, one behind the other: two lengths, the recipient, the message. Only where each
 * begins is held in memory, so that a burst of a million mails fits.
 */
final class MailStore implements AutoCloseable {

    private static final int HEAD = 2 * Integer.BYTES;

    /** One mail as it came over SMTP. */
    record Mail(int id, String to, byte[] message) {}

    private final FileChannel file;
    private final List<Long> positions = new ArrayList<>();
    private final Map<String, List<Integer>> byRecipient = new HashMap<>();
    private long end;

    MailStore(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        while (indexNext()) {
            // Each step takes in one mail.
        }
        file.truncate(end);
    }

    private boolean indexNext() throws IOException {
        if (end + HEAD > file.size()) {
            return false;
        }
        ByteBuffer head = read(end, HEAD);
        int toLength = head.getInt();
        int messageLength = head.getInt();
        long next = end + HEAD + toLength + messageLength;
        if (toLength < 0 || messageLength < 0 || next > file.size()) {
            return false;
        }
        index(new String(read(end + HEAD, toLength).array(), StandardCharsets.UTF_8), next);
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
        ByteBuffer record = ByteBuffer.allocate(HEAD + toBytes.length + message.length)
                .putInt(toBytes.length)
                .putInt(message.length)
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
            throw new UncheckedIOException("the mail can't be stored", e);
        }
    }

    /** The mails to an address, oldest first. */
    synchronized List<Mail> to(String address) {
        return byRecipient.getOrDefault(key(address), List.of()).stream()
                .map(this::get)
                .toList();
    }

    /** The newest mails, oldest of them first. */
    synchronized List<Mail> newest(int count) {
        List<Mail> mails = new ArrayList<>();
        for (int id = Math.max(0, positions.size() - count); id < positions.size(); id++) {
            mails.add(get(id));
        }
        return mails;
    }

    /** How many mails there are; they are numbered from 0. */
    synchronized int size() {
        return positions.size();
    }

    /** @throws IndexOutOfBoundsException if there is no such mail */
    synchronized Mail get(int id) {
        try {
            long position = positions.get(id);
            ByteBuffer head = read(position, HEAD);
            int toLength = head.getInt();
            int messageLength = head.getInt();
            String to = new String(read(position + HEAD, toLength).array(), StandardCharsets.UTF_8);
            return new Mail(
                    id, to, read(position + HEAD + toLength, messageLength).array());
        } catch (IOException e) {
            throw new UncheckedIOException("the mail can't be read", e);
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
