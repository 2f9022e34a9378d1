package org.countersign.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Simulates many viewers of one petition in a process. Each client has a connection and reads the live stream.
 *
 * <p>For every {@value ConfirmationTimes#SAMPLE_INTERVAL}th confirmation the process records the delay until each
 * client receives it or a later one. The clients use several loopback addresses, because one address has too few ports.
 */
public final class SseClients {

    private static final int CLIENTS_PER_ADDRESS = 10_000;
    private static final int MAX_PENDING_CONNECTS = 100;
    private static final int MAX_MILLIS = 600_000;
    private static final long CATCH_UP_TIMEOUT_NANOS = 60_000_000_000L;
    private static final byte[] VERIFIED_FIELD = "\"verified\":".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress counter;
    private final int clients;
    private final int index;
    private final ConfirmationTimes times;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final Histogram delays = new Histogram(MAX_MILLIS, 3);
    private final byte[] request;
    private int started;
    private int connected;
    private int refused;
    private int lost;

    private SseClients(int port, String petition, int clients, int index, ConfirmationTimes times) throws IOException {
        this.counter = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.clients = clients;
        this.index = index;
        this.times = times;
        this.request = ("GET /api/petitions/" + petition + "/counts/stream HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The times of the confirmations in milliseconds since 1970, shared between processes through a mapped file.
     *
     * <p>A time of 0 means that the service has not answered the confirmation. Position 0 holds the total number of
     * confirmations, once it is known.
     */
    public static final class ConfirmationTimes {

        /** The process measures the delay of one confirmation in this many. */
        static final int SAMPLE_INTERVAL = 50;

        private final LongBuffer longs;

        /** @param confirmations the capacity of the file */
        public ConfirmationTimes(Path file, int confirmations) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                longs = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * (confirmations + 1))
                        .asLongBuffer();
            }
        }

        int size() {
            return longs.capacity() - 1;
        }

        /** Stores when the service answered the confirmation with this number, from 1. */
        public void confirmed(int count, long millis) {
            longs.put(count, millis);
        }

        long of(int count) {
            return longs.get(count);
        }

        /** Stores the total number of confirmations. */
        public void ended(int count) {
            longs.put(0, count);
        }

        /** Returns the total number of confirmations, 0 until it is known. */
        int end() {
            return (int) longs.get(0);
        }
    }

    /**
     * Reads the streams until every client has received the last confirmation, then prints the measured delays.
     *
     * @param args the counter's port, the petition, the number of clients, the index of this process, the file of
     *     confirmation times and its capacity
     */
    public static void main(String[] args) throws IOException {
        new SseClients(
                        Integer.parseInt(args[0]),
                        args[1],
                        Integer.parseInt(args[2]),
                        Integer.parseInt(args[3]),
                        new ConfirmationTimes(Path.of(args[4]), Integer.parseInt(args[5])))
                .run();
    }

    private void run() throws IOException {
        long deadline = Long.MAX_VALUE;
        boolean announced = false;
        while (true) {
            connectSome();
            selector.select(this::ready, 50);
            if (!announced && connected + refused == clients) {
                announced = true;
                System.out.println("connected " + connected);
            }
            int end = times.end();
            if (end > 0) {
                deadline = Math.min(deadline, System.nanoTime() + CATCH_UP_TIMEOUT_NANOS);
                if (upToDate(end) == connected - lost || System.nanoTime() > deadline) {
                    print(end);
                    return;
                }
            }
        }
    }

    private long upToDate(int end) {
        return selector.keys().stream()
                .filter(key -> key.isValid() && ((SseClient) key.attachment()).verified >= end)
                .count();
    }

    private void print(int end) {
        ByteBuffer bytes = ByteBuffer.allocate(delays.getNeededByteBufferCapacity());
        int length = delays.encodeIntoCompressedByteBuffer(bytes, 9);
        System.out.println("result " + connected + " " + refused + " " + lost + " " + upToDate(end) + " "
                + Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length)));
    }

    private void connectSome() throws IOException {
        while (started < clients && started - connected - refused < MAX_PENDING_CONNECTS) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 8192);
            byte[] address = {127, 0, (byte) (1 + index), (byte) (1 + started / CLIENTS_PER_ADDRESS)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
            started++;
            boolean connected = channel.connect(counter);
            SelectionKey key = channel.register(
                    selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, new SseClient());
            if (connected) {
                channel.write(ByteBuffer.wrap(request));
            }
        }
    }

    /** The state of one connection. */
    private static final class SseClient {
        private int verified = -1;
        /** The start of a line whose end has not arrived yet. */
        private byte @Nullable [] incompleteLine;
    }

    private void ready(SelectionKey key) {
        SseClient client = (SseClient) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                channel.write(ByteBuffer.wrap(request));
                return;
            }
            buffer.clear();
            if (client.incompleteLine != null) {
                buffer.put(client.incompleteLine);
                client.incompleteLine = null;
            }
            if (channel.read(buffer) < 0) {
                throw new IOException("the stream ended");
            }
            read(client, buffer.array(), buffer.position());
        } catch (IOException e) {
            refused += client.verified < 0 ? 1 : 0;
            lost += client.verified < 0 ? 0 : 1;
            key.cancel();
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The client already counts as refused or lost.
        }
    }

    private void read(SseClient client, byte[] bytes, int length) throws IOException {
        int begin = 0;
        for (int at = 0; at < length; at++) {
            if (bytes[at] == '\n') {
                readLine(client, bytes, begin, at);
                begin = at + 1;
            }
        }
        if (begin < length) {
            client.incompleteLine = Arrays.copyOfRange(bytes, begin, length);
        }
    }

    private void readLine(SseClient client, byte[] bytes, int begin, int end) throws IOException {
        if (end - begin > 9 && bytes[begin] == 'H' && bytes[begin + 9] != '2') {
            throw new IOException("the stream was refused");
        }
        if (bytes[begin] != 'd' || end == begin) {
            return;
        }
        int at = begin;
        while (at < end - VERIFIED_FIELD.length
                && !Arrays.equals(bytes, at, at + VERIFIED_FIELD.length, VERIFIED_FIELD, 0, VERIFIED_FIELD.length)) {
            at++;
        }
        int verified = 0;
        for (at += VERIFIED_FIELD.length; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            verified = verified * 10 + bytes[at] - '0';
        }
        record(client, verified);
    }

    private void record(SseClient client, int verified) {
        if (client.verified < 0) {
            connected++;
            client.verified = verified;
            return;
        }
        long now = System.currentTimeMillis();
        for (int count = (client.verified / ConfirmationTimes.SAMPLE_INTERVAL + 1) * ConfirmationTimes.SAMPLE_INTERVAL;
                count <= verified && count <= times.size();
                count += ConfirmationTimes.SAMPLE_INTERVAL) {
            long confirmed = times.of(count);
            // 0 means that the client received the count before the service answered the confirmation.
            delays.recordValue(confirmed == 0 ? 0 : Math.min(MAX_MILLIS, Math.max(0, now - confirmed)));
        }
        client.verified = Math.max(client.verified, verified);
    }
}
