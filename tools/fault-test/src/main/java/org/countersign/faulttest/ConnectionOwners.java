package org.countersign.faulttest;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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

    private final Supplier<Map<String, ProcessHandle>> parts;
    /** The parts by what the links to their sockets contain. */
    private Map<String, String> sockets = Map.of();

    private long listedAt = System.nanoTime() - MIN_LIST_INTERVAL_NANOS;

    /** @param parts returns the first process of each part that runs now */
    ConnectionOwners(Supplier<Map<String, ProcessHandle>> parts) {
        this.parts = parts;
    }

    /**
     * Returns the part that has opened an accepted connection, or {@link #OUTSIDE}.
     *
     * @throws IOException if the client has closed the connection
     */
    String of(Socket accepted) throws IOException {
        long asked = System.nanoTime();
        String socket = "socket:[" + inodeOfClient(accepted) + "]";
        synchronized (this) {
            if (!sockets.containsKey(socket) && listedAt < asked) {
                pause(listedAt + MIN_LIST_INTERVAL_NANOS - System.nanoTime());
                listedAt = System.nanoTime();
                sockets = listSockets();
            }
            return sockets.getOrDefault(socket, OUTSIDE);
        }
    }

    private static void pause(long nanos) throws IOException {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanos)).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Map<String, String> listSockets() {
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

    private static String inodeOfClient(Socket accepted) throws IOException {
        String local = ":%04X".formatted(accepted.getPort());
        String remote = ":%04X".formatted(accepted.getLocalPort());
        // Java opens IPv4 connections with IPv6 sockets.
        for (String table : List.of("tcp6", "tcp")) {
            for (String line : Files.readAllLines(PROC.resolve("net").resolve(table))) {
                if (line.contains(local) && line.contains(remote)) {
                    String[] columns = line.strip().toUpperCase(Locale.ROOT).split(" +");
                    if (columns[LOCAL_ADDRESS].endsWith(local) && columns[REMOTE_ADDRESS].endsWith(remote)) {
                        return columns[INODE];
                    }
                }
            }
        }
        throw new IOException("the client has closed the connection");
    }
}
