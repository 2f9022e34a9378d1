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

/** Stands before a mail server and behaves as mail servers do on bad days. */
final class SmtpProxy implements AutoCloseable {

    /** What kind of day it is. */
    enum Day {
        /** Every mail is passed on. */
        GOOD,
        /** Senders are asked to come back later: 451 (RFC 5321, section 4.2). */
        BUSY,
        /** Recipients are refused for good: 550. */
        REFUSING,
        /** The mail is taken, and the connection breaks before the server has said so. */
        FORGETFUL,
        /** Nothing is answered any more. */
        HANGING
    }

    private static final long BETWEEN_LOOKS_MILLIS = 20;

    private final TcpListener doorway;
    private final int target;
    private volatile Day day = Day.GOOD;

    private SmtpProxy(int target) {
        this.target = target;
        this.doorway = TcpListener.open(0, caller -> TcpRelay.startDaemon("smtp-session", () -> session(caller)));
    }

    /** @param target the SMTP port on loopback of the mail server */
    static SmtpProxy to(int target) {
        return new SmtpProxy(target);
    }

    int port() {
        return doorway.port();
    }

    void become(Day next) {
        day = next;
    }

    private void session(Socket caller) {
        try (caller;
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Side client = new Side(caller);
            Side server = new Side(there);
            client.say(server.reply());
            for (String line = client.line(); line != null; line = client.line()) {
                awaitAnswers();
                String command = line.toUpperCase(Locale.ROOT);
                if (day == Day.BUSY && command.startsWith("MAIL FROM")) {
                    client.say("451 4.3.2 come back later\r\n");
                } else if (day == Day.REFUSING && command.startsWith("RCPT TO")) {
                    client.say("550 5.1.1 nobody of that name\r\n");
                } else {
                    server.say(line + "\r\n");
                    client.say(server.reply());
                    if (command.startsWith("DATA") && !message(client, server)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // Whoever ended it knows why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes a message on; whether the caller was told that it was taken. */
    private boolean message(Side client, Side server) throws IOException {
        String line;
        do {
            line = client.line();
            if (line == null) {
                return false;
            }
            server.say(line + "\r\n");
        } while (!line.equals("."));
        String reply = server.reply();
        if (day == Day.FORGETFUL) {
            return false;
        }
        client.say(reply);
        return true;
    }

    private void awaitAnswers() throws InterruptedException {
        while (day == Day.HANGING) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    /** One side of a session. */
    private static final class Side {

        private final BufferedReader in;
        private final OutputStream out;

        private Side(Socket socket) throws IOException {
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        private String line() throws IOException {
            return in.readLine();
        }

        /** A whole reply: all lines but the last have a hyphen after the code. */
        private String reply() throws IOException {
            StringBuilder reply = new StringBuilder();
            String line;
            do {
                line = line();
                if (line == null) {
                    throw new IOException("the mail server is gone");
                }
                reply.append(line).append("\r\n");
            } while (line.length() > 3 && line.charAt(3) == '-');
            return reply.toString();
        }

        private void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    @Override
    public void close() {
        doorway.close();
    }
}
