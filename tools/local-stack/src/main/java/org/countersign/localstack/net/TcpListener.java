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

    private static final long END_MILLIS = 5000;

    private final ServerSocket socket;
    private final Thread acceptor;

    private TcpListener(ServerSocket socket, Consumer<Socket> handler) {
        this.socket = socket;
        this.acceptor = TcpRelay.startDaemon("listener-" + socket.getLocalPort(), () -> accept(handler));
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
            return new TcpListener(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()), handler);
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

    /** Frees the port. The system does that when the thread that accepts connections has ended. */
    @Override
    public void close() {
        TcpRelay.close(socket);
        if (Thread.currentThread() == acceptor) {
            return;
        }
        try {
            acceptor.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
