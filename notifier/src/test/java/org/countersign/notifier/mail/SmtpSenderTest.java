package org.countersign.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.countersign.counting.Milestones;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailLinks;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.notifier.petition.PetitionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.StaticMessageSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class SmtpSenderTest {

    private static final String LINK = "https://sign.example/any";
    private static final MailData READER = new MailData(
            "Ada", "ada@sign.example", "en", new MailLinks(LINK, LINK, LINK, LINK, LINK, LINK, LINK), null);

    @ParameterizedTest
    @ValueSource(strings = {"421 too many mails", ""})
    void a_server_that_takes_few_mails_for_each_connection_delays_none(String farewell) throws Exception {
        try (LimitedServer server = new LimitedServer(3, farewell);
                SmtpSender sender = sender(server.port())) {
            Map<Delivery, DeliveryOutcome> outcomes = sender.send(mails(10));
            assertThat(results(outcomes)).containsOnly(Result.SENT).hasSize(10);
            assertThat(server.received).hasSize(10).doesNotHaveDuplicates();
            assertThat(server.connections).isEqualTo(4);
        }
    }

    @Test
    void a_server_that_ends_each_connection_costs_attempts() throws Exception {
        try (LimitedServer server = new LimitedServer(0, "");
                SmtpSender sender = sender(server.port())) {
            assertThat(results(sender.send(mails(1)))).containsExactly(Result.RETRY);
        }
    }

    @Test
    void no_server_costs_no_attempt() throws Exception {
        LimitedServer server = new LimitedServer(10, "");
        try (SmtpSender sender = sender(server.port())) {
            assertThat(results(sender.send(mails(2)))).containsOnly(Result.SENT);
            server.close();
            assertThat(results(sender.send(mails(2))))
                    .contains(Result.NOT_TRIED)
                    .doesNotContain(Result.RETRY);
        }
    }

    private static Collection<Result> results(Map<Delivery, DeliveryOutcome> outcomes) {
        return outcomes.values().stream().map(DeliveryOutcome::result).toList();
    }

    private static List<Delivery> mails(int count) {
        return Stream.generate(() -> new Delivery(
                        UUID.randomUUID(),
                        DeliveryKind.THANKS,
                        new Recipient.SignerRecipient(UUID.randomUUID(), 1),
                        Delivery.Content.of("any"),
                        Optional.empty(),
                        Optional.empty()))
                .limit(count)
                .toList();
    }

    private static SmtpSender sender(int port) {
        JavaMailSenderImpl settings = new JavaMailSenderImpl();
        settings.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        settings.setPort(port);
        StaticMessageSource texts = new StaticMessageSource();
        texts.setUseCodeAsDefaultMessage(true);
        MailComposer composer = new MailComposer(
                texts,
                petition -> Optional.of(new PetitionFacts("Any", "en", new Milestones(List.of(), 100))),
                "no-reply@sign.example");
        return new SmtpSender(
                settings,
                deliveries ->
                        deliveries.stream().map(delivery -> Optional.of(READER)).toList(),
                SmtpSender.Limits.NONE,
                composer,
                new SmtpHealth(settings));
    }

    /** An SMTP server that ends each connection at the sender's next command after some mails. */
    private static final class LimitedServer implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int mailsPerConnection;
        private final String farewell;
        private final List<String> received = new CopyOnWriteArrayList<>();
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private volatile int connections;

        /** @param farewell the last response; empty for none */
        LimitedServer(int mailsPerConnection, String farewell) throws IOException {
            this.mailsPerConnection = mailsPerConnection;
            this.farewell = farewell;
            Thread thread = new Thread(this::serve, "limited-smtp-server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket connection = server.accept()) {
                    open.add(connection);
                    connections++;
                    talk(connection);
                } catch (IOException e) {
                    // The sender or the test has closed the connection. The test sees what arrived.
                    continue;
                }
            }
        }

        private void talk(Socket connection) throws IOException {
            BufferedReader commands =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            answer(connection, "220 ready");
            int mails = 0;
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                if (line.startsWith("MAIL") && mails == mailsPerConnection) {
                    if (!farewell.isEmpty()) {
                        answer(connection, farewell);
                    }
                    return;
                }
                if (line.equals("DATA")) {
                    answer(connection, "354 go on");
                    received.add(messageId(commands));
                    mails++;
                }
                answer(connection, "250 OK");
            }
        }

        private static String messageId(BufferedReader mail) throws IOException {
            String id = "";
            for (String line = mail.readLine(); !line.equals("."); line = mail.readLine()) {
                id = line.startsWith("Message-ID") ? line : id;
            }
            return id;
        }

        private static void answer(Socket connection, String text) throws IOException {
            OutputStream out = connection.getOutputStream();
            out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket connection : open) {
                connection.close();
            }
        }
    }
}
