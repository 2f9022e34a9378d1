package org.countersign.localstack.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Carries bytes between two connections, both ways, until one of them ends. */
public final class TcpRelay {

    private static final int BUFFER = 16 * 1024;

    private TcpRelay() {}

    /** What stands in the way of bytes. */
    public interface Gate {

        /** Returns when what has been read may go on. */
        void pass() throws InterruptedException;
    }

    /**
     * Begins to carry.
     *
     * @param caller whoever has connected to this program
     * @param called where this program has connected to for it
     */
    public static void carry(Socket caller, Socket called, Gate gate) {
        daemon("pipe-out", () -> pump(caller, called, gate));
        daemon("pipe-in", () -> {
            pump(called, caller, gate);
            // Whoever was called has said all there is to say.
            close(caller);
            close(called);
        });
    }

    /** Does something in a thread that ends with the program. */
    public static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void pump(Socket from, Socket to, Gate gate) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                gate.pass();
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

    /** Closes without a word. */
    public static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
