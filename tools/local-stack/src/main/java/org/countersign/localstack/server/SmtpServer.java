package org.countersign.localstack.server;

import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;

/**
 * An SMTP server on loopback that accepts every mail (RFC 5321).
 *
 * <p>It reads mails in large steps. The libraries for such servers take each byte under a lock, which was the largest
 * single part of the processor time per signature in a burst.
 */
final class SmtpServer implements AutoCloseable {

    private final BiConsumer<String, byte[]> mails;
    private final int maxMailBytes;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final TcpListener listener;

    /**
     * Starts the server.
     *
     * @param port the TCP port, 0 for any free one
     * @param maxMailBytes larger mails are refused
     * @param mails receives each mail once for each recipient, with the recipient's address
     */
    SmtpServer(int port, int maxMailBytes, BiConsumer<String, byte[]> mails) {
        this.maxMailBytes = maxMailBytes;
        this.mails = mails;
        this.listener = TcpListener.open(port, this::accept);
    }

    int port() {
        return listener.port();
    }

    private void accept(Socket connection) {
        connections.add(connection);
        if (listener.isClosed()) {
            end(connection);
        } else {
            TcpRelay.startDaemon("smtp-" + connection.getPort(), () -> serve(connection));
        }
    }

    private void serve(Socket connection) {
        try {
            new SmtpSession(connection, maxMailBytes, mails).run();
        } catch (IOException e) {
            // The client has disconnected, or sent nothing for a long time. What it has delivered is stored.
        } finally {
            end(connection);
        }
    }

    private void end(Socket connection) {
        connections.remove(connection);
        TcpRelay.close(connection);
    }

    @Override
    public void close() {
        listener.close();
        connections.forEach(this::end);
    }
}
