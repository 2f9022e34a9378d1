package org.countersign.notifier.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An SMTP server on loopback for one connection of the warm-up. It accepts every mail and keeps none (RFC 5321). */
final class DiscardingSmtpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiscardingSmtpServer.class);

    private final ServerSocket server;

    /** Starts the server on a free port. */
    DiscardingSmtpServer() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "warm-up-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        try (Socket connection = server.accept()) {
            connection.setTcpNoDelay(true);
            talk(
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1)),
                    connection.getOutputStream());
        } catch (IOException e) {
            LOG.debug("The SMTP server of the warm-up ended: {}", e.toString());
        }
    }

    private static void talk(BufferedReader commands, OutputStream answers) throws IOException {
        answer(answers, "220 localhost");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("DATA")) {
                answer(answers, "354 go on");
                for (String text = commands.readLine(); text != null && !text.equals("."); ) {
                    text = commands.readLine();
                }
            }
            answer(answers, command.startsWith("QUIT") ? "221 bye" : "250 OK");
        }
    }

    private static void answer(OutputStream answers, String text) throws IOException {
        answers.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("The SMTP server of the warm-up did not close: {}", e.toString());
        }
    }
}
