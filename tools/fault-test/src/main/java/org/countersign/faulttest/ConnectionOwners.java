package org.countersign.faulttest;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds the part of a stack that has opened a TCP connection on this machine. It reads Linux' directory /proc.
 *
 * <p>It lists the open sockets of all parts at once, because a fault affects many connections at the same time.
 */
final class ConnectionOwners {

    /** A client that is no part of the stack, such as a signer, a load balancer or PostgreSQL's supervisor. */
    static final String OUTSIDE = "outside";

    private static final Path PROC = Path.of("/proc");
    /** The columns of /proc/net/tcp, see proc_net_tcp.rst of the Linux kernel. */
    private static final int LOCAL_ADDRESS = 1;

    private static final int REMOTE_ADDRESS = 2;
    private static final int INODE = 9;
    private static final long MIN_LIST_INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * The connections of this machine at one time.
     *
     * @param at the value of {@link System#nanoTime} before they were read
     * @param sockets what the links of processes to a socket contain, by the socket's own and its remote port
     * @param parts the parts by the links to their sockets
     */
    private record Listing(long at, Map<String, String> sockets, Map<String, String> parts) {}

    private final Supplier<Map<String, ProcessHandle>> parts;
    private volatile Listing listing = new Listing(System.nanoTime() - MIN_LIST_INTERVAL_NANOS, Map.of(), Map.of());

    /** @param parts returns the first process of each part that runs now */
    ConnectionOwners(Supplier<Map<String, ProcessHandle>> parts) {
        this.parts = parts;
    }

    /**
     * Returns the part that has opened an accepted connection, or {@link #OUTSIDE}.
     *
     * @param acceptedAt the value of {@link System#nanoTime} when it was accepted
     * @throws IOException if the client has closed the connection
     */
    String of(Socket accepted, long acceptedAt) throws IOException {
        Listing newest = listing;
        if (newest.at() - acceptedAt < 0) {
            newest = list(acceptedAt);
        }
        String socket = newest.sockets().get(key(accepted.getPort(), accepted.getLocalPort()));
        if (socket == null) {
            throw new IOException("the client has closed the connection");
        }
        return newest.parts().getOrDefault(socket, OUTSIDE);
    }

    /** Many new connections share a listing. */
    private synchronized Listing list(long after) throws IOException {
        if (listing.at() - after < 0) {
            pause(listing.at() + MIN_LIST_INTERVAL_NANOS - System.nanoTime());
            listing = new Listing(System.nanoTime(), listSockets(), listParts());
        }
        return listing;
    }

    private static void pause(long nanos) throws IOException {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanos)).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Map<String, String> listSockets() throws IOException {
        Map<String, String> sockets = new HashMap<>();
        // Java opens IPv4 connections with IPv6 sockets.
        for (String table : List.of("tcp6", "tcp")) {
            List<String> lines = Files.readAllLines(PROC.resolve("net").resolve(table));
            for (String line : lines.subList(1, lines.size())) {
                String[] columns = line.strip().split(" +");
                sockets.put(
                        key(port(columns[LOCAL_ADDRESS]), port(columns[REMOTE_ADDRESS])),
                        "socket:[" + columns[INODE] + "]");
            }
        }
        return sockets;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    private static String key(int ownPort, int remotePort) {
        return ownPort + " " + remotePort;
    }

    private Map<String, String> listParts() {
        Map<String, String> found = new HashMap<>();
        // A standby of PostgreSQL opens its connection in a child process.
        parts.get()
                .forEach((part, process) -> Stream.concat(Stream.of(process), process.children())
                        .forEach(one -> addSockets(one, part, found)));
        return found;
    }

    private static void addSockets(ProcessHandle process, String part, Map<String, String> found) {
        Path files = PROC.resolve(Long.toString(process.pid())).resolve("fd");
        try (DirectoryStream<Path> open = Files.newDirectoryStream(files)) {
            for (Path file : open) {
                addSocket(file, part, found);
            }
        } catch (IOException ended) {
            // Its connections are closed.
        }
    }

    private static void addSocket(Path file, String part, Map<String, String> found) {
        try {
            found.put(Files.readSymbolicLink(file).toString(), part);
        } catch (IOException closed) {
            // The process has closed the file since it was listed.
        }
    }
}
