package org.countersign.notifier.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.countersign.maildata.MailData;
import org.countersign.notifier.delivery.AddressMasking;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryChannel;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.DeliverySender;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Sends mails over one SMTP connection, kept open while there is work. */
class SmtpSender implements DeliverySender {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSender.class);
    private static final Duration MOST_TIME = Duration.ofSeconds(15);
    private static final Duration KEPT_OPEN = Duration.ofSeconds(20);

    private final JavaMailSenderImpl settings;
    private final MailDataClient people;
    private final MailComposer composer;
    private final SmtpHealth health;
    private Transport connection;
    private long lastUse;

    private SmtpSender(JavaMailSenderImpl settings, MailDataClient people, MailComposer composer, SmtpHealth health) {
        this.settings = settings;
        this.people = people;
        this.composer = composer;
        this.health = health;
    }

    /** Opens SMTP channels, of which mailings have one to themselves. */
    @Configuration(proxyBeanMethods = false)
    static class Mailers {

        private final Supplier<DeliverySender> opener;

        Mailers(JavaMailSenderImpl settings, MailDataClient people, MailComposer composer, SmtpHealth health) {
            this.opener = () -> new SmtpSender(settings, people, composer, health);
        }

        @Bean
        Factory smtp(@Value("${countersign.mail.connections}") int connections) {
            return new Mailer(DeliveryChannel.MAIL, connections, opener);
        }

        @Bean
        Factory smtpForMailings() {
            return new Mailer(DeliveryChannel.MAILING, 1, opener);
        }
    }

    private record Mailer(DeliveryChannel channel, int workers, Supplier<DeliverySender> opener) implements Factory {

        @Override
        public int batchSize() {
            return 100;
        }

        @Override
        public DeliverySender open() {
            return opener.get();
        }
    }

    @Override
    public Map<Delivery, DeliveryOutcome> send(List<Delivery> deliveries) {
        Map<Delivery, DeliveryOutcome> outcomes =
                new LinkedHashMap<>(DeliverySender.all(deliveries, DeliveryOutcome.later()));
        long end = System.nanoTime() + MOST_TIME.toNanos();
        try {
            List<Optional<MailData>> data = people.of(deliveries);
            for (int i = 0; i < deliveries.size() && System.nanoTime() < end; i++) {
                DeliveryOutcome outcome = data.get(i).isEmpty()
                        ? DeliveryOutcome.dropped("the personal data was erased")
                        : send(deliveries.get(i), data.get(i).get());
                outcomes.put(deliveries.get(i), outcome);
                if (outcome.result() == Result.NOT_TRIED) {
                    break;
                }
            }
        } catch (IOException e) {
            LOG.warn("mails must wait: {}", e.getMessage());
            return DeliverySender.all(deliveries, notTried("the signature service is away"));
        }
        return outcomes;
    }

    private static DeliveryOutcome notTried(String why) {
        return DeliveryOutcome.failed(Result.NOT_TRIED, null, why);
    }

    private DeliveryOutcome send(Delivery delivery, MailData data) {
        String recipient = AddressMasking.address(data.email());
        try {
            Optional<MimeMessage> message = composer.compose(settings.getSession(), delivery, data);
            if (message.isEmpty()) {
                return DeliveryOutcome.failed(Result.RETRY, recipient, "the petition is not known here yet");
            }
            connect();
            connection.sendMessage(message.get(), message.get().getAllRecipients());
            lastUse = System.nanoTime();
            return DeliveryOutcome.sent(recipient);
        } catch (AddressException e) {
            return DeliveryOutcome.failed(Result.PARK, recipient, "the address can't be written to");
        } catch (SendFailedException e) {
            return refused(e, recipient);
        } catch (MessagingException e) {
            boolean connected = connection != null && connection.isConnected();
            close();
            health.failed();
            LOG.warn("a mail could not be sent: {}", AddressMasking.text(e.toString()));
            // The connection broke after it had been made: this mail may be what broke it, so it counts as tried.
            return DeliveryOutcome.failed(connected ? Result.RETRY : Result.NOT_TRIED, recipient, e.getMessage());
        }
    }

    /** The server's answer 5xx is final for this mail (RFC 5321, section 4.2.1); 4xx is not. */
    private DeliveryOutcome refused(SendFailedException e, String recipient) {
        int code = 0;
        for (Exception cause = e; cause instanceof MessagingException messaging; cause = messaging.getNextException()) {
            if (cause instanceof SMTPAddressFailedException address) {
                code = address.getReturnCode();
            } else if (cause instanceof SMTPSendFailedException sending) {
                code = sending.getReturnCode();
            }
        }
        if (!connection.isConnected()) {
            close();
        }
        return DeliveryOutcome.failed(code >= 500 ? Result.PARK : Result.RETRY, recipient, e.getMessage());
    }

    private void connect() throws MessagingException {
        if (connection != null && connection.isConnected()) {
            return;
        }
        close();
        Session session = settings.getSession();
        Transport fresh = session.getTransport(settings.getProtocol() == null ? "smtp" : settings.getProtocol());
        fresh.connect(
                settings.getHost(),
                settings.getPort(),
                absentIfEmpty(settings.getUsername()),
                absentIfEmpty(settings.getPassword()));
        connection = fresh;
        health.worked();
    }

    /** An environment variable that is set to nothing means the same as one that is not set. */
    private static String absentIfEmpty(String setting) {
        return setting == null || setting.isEmpty() ? null : setting;
    }

    @Override
    public void idle() {
        if (connection != null && System.nanoTime() - lastUse > KEPT_OPEN.toNanos()) {
            close();
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (MessagingException e) {
                LOG.debug("an SMTP connection did not close: {}", e.getMessage());
            }
            connection = null;
        }
    }
}
