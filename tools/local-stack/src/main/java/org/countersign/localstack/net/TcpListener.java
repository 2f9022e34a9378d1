package org.countersign.localstack.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A TCP port on loopback, and what becomes of those who connect to it. */
public final class TcpListener implements AutoCloseable {

    private static final int WAITING = 1024;

    private final ServerSocket socket;

    private TcpListener(ServerSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins to take connections.
     *
     * @param port 0 for any free one
     * @param caller is given each connection, one after the other: what takes its time belongs into another thread
     * @throws UncheckedIOException if the port is taken
     */
    public static TcpListener open(int port, Consumer<Socket> caller) {
        try {
            TcpListener doorway = new TcpListener(new ServerSocket(port, WAITING, InetAddress.getLoopbackAddress()));
            TcpRelay.daemon("doorway-" + doorway.port(), () -> doorway.accept(caller));
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
        TcpRelay.close(socket);
    }
}
