package org.countersign.localstack.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** Accepts connections at a TCP port on loopback. */
public final class TcpListener implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final ServerSocket socket;

    private TcpListener(ServerSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens the port and starts to accept connections.
     *
     * @param port the port, 0 for any free one
     * @param handler receives one connection after the other and must return quickly
     * @throws UncheckedIOException if the port is in use
     */
    public static TcpListener open(int port, Consumer<Socket> handler) {
        try {
            TcpListener listener = new TcpListener(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()));
            TcpRelay.startDaemon("listener-" + listener.port(), () -> listener.accept(handler));
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    /** Returns the port that accepts connections. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Returns whether the listener is closed. */
    public boolean isClosed() {
        return socket.isClosed();
    }

    private void accept(Consumer<Socket> handler) {
        while (!socket.isClosed()) {
            try {
                handler.accept(socket.accept());
            } catch (IOException e) {
                // The listener was closed, or the client has disconnected already.
            }
        }
    }

    @Override
    public void close() {
        TcpRelay.close(socket);
    }
}
