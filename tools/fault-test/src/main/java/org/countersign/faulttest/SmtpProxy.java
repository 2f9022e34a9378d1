package org.countersign.faulttest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;
import org.jspecify.annotations.Nullable;

/** A proxy in front of a mail server with configurable failures. */
final class SmtpProxy implements AutoCloseable {

    /** The behaviour towards senders. */
    enum SmtpBehaviour {
        /** Forwards every mail. */
        GOOD,
        /** Responds with the temporary error 451 (RFC 5321, section 4.2). */
        BUSY,
        /** Rejects recipients with the permanent error 550. */
        REFUSING,
        /** Forwards the mail and closes the connection before the server's confirmation. */
        FORGETFUL,
        /** Sends no response. */
        HANGING
    }

    private static final long POLL_INTERVAL_MILLIS = 20;

    private final TcpListener listener;
    private final int target;
    private volatile SmtpBehaviour behaviour = SmtpBehaviour.GOOD;

    private SmtpProxy(int target) {
        this.target = target;
        this.listener = TcpListener.open(0, socket -> TcpRelay.startDaemon("smtp-session", () -> session(socket)));
    }

    /** @param target the SMTP port on loopback of the mail server */
    static SmtpProxy to(int target) {
        return new SmtpProxy(target);
    }

    int port() {
        return listener.port();
    }

    /** Sets the behaviour for the next commands. */
    void setMode(SmtpBehaviour next) {
        behaviour = next;
    }

    private void session(Socket socket) {
        try (socket;
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            SmtpConnection client = new SmtpConnection(socket);
            SmtpConnection server = new SmtpConnection(upstream);
            client.send(server.reply());
            for (String line = client.line(); line != null; line = client.line()) {
                awaitResponsive();
                String command = line.toUpperCase(Locale.ROOT);
                if (behaviour == SmtpBehaviour.BUSY && command.startsWith("MAIL FROM")) {
                    client.send("451 4.3.2 come back later\r\n");
                } else if (behaviour == SmtpBehaviour.REFUSING && command.startsWith("RCPT TO")) {
                    client.send("550 5.1.1 no such recipient\r\n");
                } else {
                    server.send(line + "\r\n");
                    client.send(server.reply());
                    if (command.startsWith("DATA") && !message(client, server)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // One of the two sides has closed its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forwards a message. Returns whether the client received a reply. */
    private boolean message(SmtpConnection client, SmtpConnection server) throws IOException {
        @Nullable String line;
        do {
            line = client.line();
            if (line == null) {
                return false;
            }
            server.send(line + "\r\n");
        } while (!line.equals("."));
        String reply = server.reply();
        if (behaviour == SmtpBehaviour.FORGETFUL) {
            return false;
        }
        client.send(reply);
        return true;
    }

    private void awaitResponsive() throws InterruptedException {
        while (behaviour == SmtpBehaviour.HANGING) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    /** The connection to the client or to the server. */
    private static final class SmtpConnection {

        private final BufferedReader in;
        private final OutputStream out;

        private SmtpConnection(Socket socket) throws IOException {
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        private @Nullable String line() throws IOException {
            return in.readLine();
        }

        /** Reads a complete reply. All lines except the last have a hyphen after the code. */
        private String reply() throws IOException {
            StringBuilder reply = new StringBuilder();
            @Nullable String line;
            do {
                line = line();
                if (line == null) {
                    throw new IOException("the mail server has closed the connection");
                }
                reply.append(line).append("\r\n");
            } while (line.length() > 3 && line.charAt(3) == '-');
            return reply.toString();
        }

        private void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
