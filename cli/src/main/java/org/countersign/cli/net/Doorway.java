package org.countersign.cli.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A TCP port on loopback, and what becomes of those who connect to it. */
public final class Doorway implements AutoCloseable {

    private static final int WAITING = 1024;

    private final ServerSocket socket;

    private Doorway(ServerSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins to take connections.
     *
     * @param port   0 for any free one
     * @param caller is given each connection, one after the other: what takes its time belongs into another thread
     * @throws UncheckedIOException if the port is taken
     */
    public static Doorway open(int port, Consumer<Socket> caller) {
        try {
            Doorway doorway = new Doorway(new ServerSocket(port, WAITING, InetAddress.getLoopbackAddress()));
            Pipe.daemon("doorway-" + doorway.port(), () -> doorway.accept(caller));
            return doorway;
        } catch (IOException e) {
            throw new UncheckedIOException("nothing can listen at port " + port, e);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Whether it takes no more connections. */
    public boolean isClosed() {
        return socket.isClosed();
    }

    private void accept(Consumer<Socket> caller) {
        while (!socket.isClosed()) {
            try {
                caller.accept(socket.accept());
            } catch (IOException e) {
                // Closed, or a caller that is gone already.
            }
        }
    }

    @Override
    public void close() {
        Pipe.close(socket);
    }
}
