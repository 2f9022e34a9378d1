package org.countersign.localstack.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Relays bytes between two connections in both directions until one of them ends. */
public final class TcpRelay {

    private static final int BUFFER_SIZE = 16 * 1024;

    private TcpRelay() {}

    /** Delays the bytes that a relay has read. */
    public interface RelayGate {

        /** Returns when the relay may forward the bytes. */
        void await() throws InterruptedException;
    }

    /**
     * Starts to relay.
     *
     * @param client the connection that a client has opened to this program
     * @param upstream the connection that this program has opened to the server
     */
    public static void start(Socket client, Socket upstream, RelayGate gate) {
        startDaemon("relay-out", () -> pump(client, upstream, gate));
        startDaemon("relay-in", () -> {
            pump(upstream, client, gate);
            // The server has sent its complete response.
            close(client);
            close(upstream);
        });
    }

    /** Starts and returns a daemon thread, which does not keep the program running. */
    public static Thread startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void pump(Socket from, Socket to, RelayGate gate) {
        byte[] buffer = new byte[BUFFER_SIZE];
        try {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                gate.await();
                to.getOutputStream().write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes a socket and ignores errors. */
    public static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is unusable in any case.
        }
    }
}
