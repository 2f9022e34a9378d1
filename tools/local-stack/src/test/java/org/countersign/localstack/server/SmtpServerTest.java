package org.countersign.localstack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpServerTest {

    private static final int MAX_MAIL_BYTES = 100_000;

    private final List<Map.Entry<String, String>> mails = new CopyOnWriteArrayList<>();
    // The system gives no other program this port while the server is stopped and started again.
    private final SmtpServer server = new SmtpServer(
            FreePorts.any(),
            MAX_MAIL_BYTES,
            (to, mail) -> mails.add(Map.entry(to, new String(mail, StandardCharsets.UTF_8))));

    @AfterEach
    void stop() {
        server.close();
    }

    /** A client that writes what it likes. */
    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader answers;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answers.readLine()).startsWith("220 ");
        }

        void write(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Returns the next answer, the last line of several. */
        String answer() throws IOException {
            String line = answers.readLine();
            while (line != null && line.startsWith("-", 3)) {
                line = answers.readLine();
            }
            return line;
        }

        String command(String line) throws IOException {
            write(line + "\r\n");
            return answer();
        }

        void beginMail() throws IOException {
            assertThat(command("EHLO client")).startsWith("250 ");
            assertThat(command("MAIL FROM:<a@x.example> BODY=8BITMIME")).startsWith("250 ");
            assertThat(command("RCPT TO:<b@x.example>")).startsWith("250 ");
            assertThat(command("DATA")).startsWith("354 ");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 5000})
    void a_mail_arrives_as_it_was_written_in_any_pieces(int size) throws Exception {
        String mail = "Subject: any\r\n\r\n.\r\n..\r\n.dot\r\nno end\n.\nof a line\r\n" + "ö".repeat(3000) + "\r\n";
        String stuffed = mail.replace("\r\n.", "\r\n..") + ".\r\n";
        try (Client client = new Client(server.port())) {
            client.beginMail();
            for (int at = 0; at < stuffed.length(); at += size) {
                client.write(stuffed.substring(at, Math.min(stuffed.length(), at + size)));
            }
            assertThat(client.answer()).startsWith("250 ");
            assertThat(client.command("QUIT")).startsWith("221 ");
            assertThat(client.answer()).isNull();
        }
        assertThat(mails).containsExactly(Map.entry("b@x.example", mail));
    }

    @Test
    void pipelined_commands_are_answered_in_order() throws Exception {
        String one = "MAIL FROM:<>\r\nRCPT TO:<b@x.example>\r\nRCPT TO:<c@x.example>\r\nDATA\r\n";
        try (Client client = new Client(server.port())) {
            client.write(one + "First\r\n.\r\n" + one + "Second\r\n.\r\nNOOP\r\n");
            List<String> codes = IntStream.range(0, 11)
                    .mapToObj(i -> {
                        try {
                            return client.answer().substring(0, 3);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .collect(Collectors.toList());
            assertThat(codes)
                    .containsExactly("250", "250", "250", "354", "250", "250", "250", "250", "354", "250", "250");
        }
        assertThat(mails)
                .containsExactly(
                        Map.entry("b@x.example", "First\r\n"),
                        Map.entry("c@x.example", "First\r\n"),
                        Map.entry("b@x.example", "Second\r\n"),
                        Map.entry("c@x.example", "Second\r\n"));
    }

    @Test
    void a_line_that_ends_without_a_carriage_return_ends_no_mail() throws Exception {
        try (Client client = new Client(server.port())) {
            client.beginMail();
            client.write("one\n.\nMAIL FROM:<smuggler@x.example>\r\n.\r\n");
            assertThat(client.answer()).startsWith("250 ");
            assertThat(client.command("NOOP")).startsWith("250 ");
        }
        assertThat(mails).hasSize(1);
        assertThat(mails.get(0).getValue()).contains("smuggler");
    }

    @Test
    void a_large_mail_is_refused_and_the_connection_goes_on() throws Exception {
        try (Client client = new Client(server.port())) {
            client.beginMail();
            client.write("x".repeat(2 * MAX_MAIL_BYTES) + "\r\n.\r\n");
            assertThat(client.answer()).startsWith("552 ");
            client.beginMail();
            client.write("small\r\n.\r\n");
            assertThat(client.answer()).startsWith("250 ");
        }
        assertThat(mails).containsExactly(Map.entry("b@x.example", "small\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DATA                    | 503",
                "RCPT TO:<b@x.example>   | 503",
                "MAIL TO:<b@x.example>   | 501",
                "MAIL FROM:b@x.example   | 501",
                "FROM:<b@x.example>      | 500",
                "''                      | 500",
                "VRFY anybody            | 252",
                "rset                    | 250",
                "HELO client             | 250"
            })
    void a_command_out_of_order_or_without_sense_is_refused(String command, String code) throws Exception {
        try (Client client = new Client(server.port())) {
            assertThat(client.command(command)).startsWith(code);
            assertThat(client.command("A".repeat(5000))).startsWith("500");
            assertThat(client.command("NOOP")).startsWith("250");
        }
    }

    @Test
    void a_mail_without_its_end_is_not_stored() throws Exception {
        try (Client client = new Client(server.port())) {
            client.beginMail();
            client.write("half\r\n.");
        }
        try (Client client = new Client(server.port())) {
            assertThat(client.command("NOOP")).startsWith("250");
        }
        assertThat(mails).isEmpty();
    }

    @Test
    void a_stop_ends_all_connections_and_frees_the_port() throws Exception {
        try (Client client = new Client(server.port())) {
            server.close();
            assertThat(client.answer()).isNull();
        }
        try (SmtpServer second = new SmtpServer(server.port(), MAX_MAIL_BYTES, (to, mail) -> {})) {
            assertThat(second.port()).isEqualTo(server.port());
        }
    }
}
