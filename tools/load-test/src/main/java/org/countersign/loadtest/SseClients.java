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

/**
 * A process full of people who look at one petition: each has a connection and reads its live stream. For every so
 * many-th confirmation it notes how long after it each of them sees it or a later one. Loopback has many addresses, and
 * the people come from as many of them as it takes.
 */
public final class SseClients {

    private static final int FROM_ONE_ADDRESS = 10_000;
    private static final int CONNECTING_AT_A_TIME = 100;
    private static final int HIGHEST_MILLIS = 600_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final byte[] VERIFIED = "\"verified\":".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress counter;
    private final int people;
    private final int number;
    private final Times times;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final Histogram seen = new Histogram(HIGHEST_MILLIS, 3);
    private final byte[] request;
    private int begun;
    private int looking;
    private int refused;
    private int lost;

    private SseClients(int port, String petition, int people, int number, Times times) throws IOException {
        this.counter = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.people = people;
        this.number = number;
        this.times = times;
        this.request = ("GET /api/petitions/" + petition + "/counts/stream HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * When which confirmation was answered, shared by processes through a file: milliseconds since 1970, 0 before. In
     * the first place stands how many there are in all, once that is known.
     */
    public static final class Times {

        /** Of so many confirmations one is watched. */
        static final int EVERY = 50;

        private final LongBuffer longs;

        public Times(Path file, int confirmations) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                longs = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8L * (confirmations + 1))
                        .asLongBuffer();
            }
        }

        int size() {
            return longs.capacity() - 1;
        }

        public void confirmed(int count, long millis) {
            longs.put(count, millis);
        }

        long of(int count) {
            return longs.get(count);
        }

        public void ended(int count) {
            longs.put(0, count);
        }

        /** How many there were in all, 0 while it goes on. */
        int end() {
            return (int) longs.get(0);
        }
    }

    /**
     * Looks until the end is known and seen by all, then prints what was seen.
     *
     * @param args the counter's port, how many people, the number of this crowd, the file of times and how many it has
     *     room for
     */
    public static void main(String[] args) throws IOException {
        new SseClients(
                        Integer.parseInt(args[0]),
                        args[1],
                        Integer.parseInt(args[2]),
                        Integer.parseInt(args[3]),
                        new Times(Path.of(args[4]), Integer.parseInt(args[5])))
                .run();
    }

    private void run() throws IOException {
        long deadline = Long.MAX_VALUE;
        boolean told = false;
        while (true) {
            connectSome();
            selector.select(this::ready, 50);
            if (!told && looking + refused == people) {
                told = true;
                System.out.println("looking " + looking);
            }
            int end = times.end();
            if (end > 0) {
                deadline = Math.min(deadline, System.nanoTime() + PATIENCE_NANOS);
                if (upToDate(end) == looking - lost || System.nanoTime() > deadline) {
                    print(end);
                    return;
                }
            }
        }
    }

    private long upToDate(int end) {
        return selector.keys().stream()
                .filter(key -> key.isValid() && ((Person) key.attachment()).verified >= end)
                .count();
    }

    private void print(int end) {
        ByteBuffer bytes = ByteBuffer.allocate(seen.getNeededByteBufferCapacity());
        int length = seen.encodeIntoCompressedByteBuffer(bytes, 9);
        System.out.println("seen " + looking + " " + refused + " " + lost + " " + upToDate(end) + " "
                + Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length)));
    }

    private void connectSome() throws IOException {
        while (begun < people && begun - looking - refused < CONNECTING_AT_A_TIME) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 8192);
            byte[] address = {127, 0, (byte) (1 + number), (byte) (1 + begun / FROM_ONE_ADDRESS)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
            begun++;
            boolean connected = channel.connect(counter);
            SelectionKey key = channel.register(
                    selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, new Person());
            if (connected) {
                channel.write(ByteBuffer.wrap(request));
            }
        }
    }

    /** Somebody with an open page. */
    private static final class Person {
        private int verified = -1;
        /** The beginning of what has not come whole yet. */
        private byte[] rest;
    }

    private void ready(SelectionKey key) {
        Person person = (Person) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                channel.write(ByteBuffer.wrap(request));
                return;
            }
            buffer.clear();
            if (person.rest != null) {
                buffer.put(person.rest);
                person.rest = null;
            }
            if (channel.read(buffer) < 0) {
                throw new IOException("the stream ended");
            }
            read(person, buffer.array(), buffer.position());
        } catch (IOException e) {
            refused += person.verified < 0 ? 1 : 0;
            lost += person.verified < 0 ? 0 : 1;
            key.cancel();
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It counts as refused or lost already.
        }
    }

    private void read(Person person, byte[] bytes, int length) throws IOException {
        int begin = 0;
        for (int at = 0; at < length; at++) {
            if (bytes[at] == '\n') {
                line(person, bytes, begin, at);
                begin = at + 1;
            }
        }
        if (begin < length) {
            person.rest = Arrays.copyOfRange(bytes, begin, length);
        }
    }

    private void line(Person person, byte[] bytes, int begin, int end) throws IOException {
        if (end - begin > 9 && bytes[begin] == 'H' && bytes[begin + 9] != '2') {
            throw new IOException("the stream was refused");
        }
        if (bytes[begin] != 'd' || end == begin) {
            return;
        }
        int at = begin;
        while (at < end - VERIFIED.length
                && !Arrays.equals(bytes, at, at + VERIFIED.length, VERIFIED, 0, VERIFIED.length)) {
            at++;
        }
        int verified = 0;
        for (at += VERIFIED.length; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            verified = verified * 10 + bytes[at] - '0';
        }
        sees(person, verified);
    }

    private void sees(Person person, int verified) {
        if (person.verified < 0) {
            looking++;
            person.verified = verified;
            return;
        }
        long now = System.currentTimeMillis();
        for (int count = (person.verified / Times.EVERY + 1) * Times.EVERY;
                count <= verified && count <= times.size();
                count += Times.EVERY) {
            long confirmed = times.of(count);
            // Seen before the one who confirmed was answered.
            seen.recordValue(confirmed == 0 ? 0 : Math.min(HIGHEST_MILLIS, Math.max(0, now - confirmed)));
        }
        person.verified = Math.max(person.verified, verified);
    }
}
