package org.countersign.notifier.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailRecipient;
import org.countersign.notifier.delivery.AddressMasking;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryChannel;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.DeliveryOutcome;
import org.countersign.notifier.delivery.DeliveryOutcome.Result;
import org.countersign.notifier.delivery.DeliverySender;
import org.countersign.notifier.delivery.MailTurns;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Sends mails over one SMTP connection. The connection stays open while mails are due. */
class SmtpSender implements DeliverySender {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSender.class);
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(15);
    /** The time after a mail in which the connection is used without a check. Servers end it after many mails. */
    private static final Duration UNCHECKED_TIME = Duration.ofSeconds(2);

    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

    private final JavaMailSenderImpl settings;
    private final Recipients people;
    private final Limits limits;
    private final MailComposer composer;
    private final SmtpHealth health;
    private @Nullable Transport connection;
    private long lastUse;

    /** Knows the personal data of recipients. */
    @FunctionalInterface
    interface Recipients {

        /** Returns the data of each delivery, see {@link MailDataClient#of}. */
        List<Optional<MailData>> of(List<Delivery> deliveries) throws IOException;
    }

    /** Knows which mails must not be sent now. */
    @FunctionalInterface
    interface Limits {

        /** No limits. */
        Limits NONE = mails -> Map.of();

        /** Returns the outcomes of mails that must not be sent now, see {@link MailTurns#take}. */
        Map<Delivery, DeliveryOutcome> refused(Map<Delivery, MailRecipient> mails);
    }

    SmtpSender(
            JavaMailSenderImpl settings, Recipients people, Limits limits, MailComposer composer, SmtpHealth health) {
        this.settings = settings;
        this.people = people;
        this.limits = limits;
        this.composer = composer;
        this.health = health;
    }

    /** Opens the SMTP channels. Mailings have a separate one. */
    @Configuration(proxyBeanMethods = false)
    static class Mailers {

        private final Supplier<DeliverySender> opener;

        Mailers(
                JavaMailSenderImpl settings,
                MailDataClient people,
                MailTurns turns,
                MailComposer composer,
                SmtpHealth health) {
            this.opener = () -> new SmtpSender(settings, people::of, turns::take, composer, health);
        }

        @Bean
        SenderFactory smtp(@Value("${countersign.mail.connections}") int connections) {
            return new Mailer(DeliveryChannel.MAIL, connections, opener);
        }

        @Bean
        SenderFactory smtpForReminders() {
            return new Mailer(DeliveryChannel.REMINDER, 1, opener);
        }

        @Bean
        SenderFactory smtpForMailings() {
            return new Mailer(DeliveryChannel.MAILING, 1, opener);
        }

        @Bean
        SenderFactory smtpForAccounts() {
            return new Mailer(DeliveryChannel.ACCOUNT, 1, opener);
        }
    }

    private record Mailer(DeliveryChannel channel, int workers, Supplier<DeliverySender> opener)
            implements SenderFactory {

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
        long end = System.nanoTime() + BATCH_TIMEOUT.toNanos();
        try {
            List<Optional<MailData>> data = people.of(deliveries);
            Map<Delivery, DeliveryOutcome> refused = unwanted(deliveries, data);
            refused.putAll(limits.refused(recipients(deliveries, data, refused.keySet())));
            outcomes.putAll(refused);
            for (int i = 0; i < deliveries.size() && System.nanoTime() < end; i++) {
                if (refused.containsKey(deliveries.get(i))) {
                    continue;
                }
                DeliveryOutcome outcome = data.get(i).isEmpty()
                        ? DeliveryOutcome.dropped("The personal data was erased.")
                        : send(deliveries.get(i), data.get(i).get());
                outcomes.put(deliveries.get(i), outcome);
                if (outcome.result() == Result.NOT_TRIED) {
                    break;
                }
            }
        } catch (IOException e) {
            LOG.warn("Mails wait for the signature service: {}", e.getMessage());
            return DeliverySender.all(deliveries, DeliveryOutcome.notTried("The signature service is unavailable."));
        }
        return outcomes;
    }

    /**
     * Returns the outcomes of reminders that must not be sent. The event log decides, at the moment of sending. A
     * signature service of the release before does not tell, so the reminder waits for the end of the upgrade.
     */
    private static Map<Delivery, DeliveryOutcome> unwanted(List<Delivery> deliveries, List<Optional<MailData>> data) {
        Map<Delivery, DeliveryOutcome> unwanted = new LinkedHashMap<>();
        for (int i = 0; i < deliveries.size(); i++) {
            if (deliveries.get(i).kind() == DeliveryKind.REMINDER && data.get(i).isPresent()) {
                Boolean wanted = data.get(i).get().remind();
                if (wanted == null) {
                    unwanted.put(
                            deliveries.get(i),
                            DeliveryOutcome.failed(
                                    Result.RETRY,
                                    AddressMasking.mask(data.get(i).get().email()),
                                    "The signature service does not tell yet whether a reminder is due."));
                } else if (!wanted) {
                    unwanted.put(deliveries.get(i), DeliveryOutcome.dropped("The signer needs no reminder any more."));
                }
            }
        }
        return unwanted;
    }

    private static Map<Delivery, MailRecipient> recipients(
            List<Delivery> deliveries, List<Optional<MailData>> data, Set<Delivery> without) {
        Map<Delivery, MailRecipient> recipients = new LinkedHashMap<>();
        for (int i = 0; i < deliveries.size(); i++) {
            MailRecipient recipient = data.get(i).map(MailData::recipient).orElse(null);
            if (recipient != null && !without.contains(deliveries.get(i))) {
                recipients.put(deliveries.get(i), recipient);
            }
        }
        return recipients;
    }

    private DeliveryOutcome send(Delivery delivery, MailData data) {
        String recipient = AddressMasking.mask(data.email());
        try {
            Optional<EncodedMail> message = composer.compose(settings.getSession(), delivery, data);
            if (message.isEmpty()) {
                return DeliveryOutcome.failed(Result.RETRY, recipient, "The event of the petition was not read yet.");
            }
            transmit(message.get());
            lastUse = System.nanoTime();
            return DeliveryOutcome.sent(recipient);
        } catch (AddressException e) {
            return DeliveryOutcome.failed(Result.PARK, recipient, "The address is malformed.");
        } catch (SendFailedException e) {
            return rejected(e, recipient);
        } catch (MessagingException e) {
            boolean connected = connection != null;
            close();
            health.failed();
            LOG.warn("Sending a mail failed: {}", AddressMasking.mask(e.toString()));
            // This mail may be what broke a connection. It therefore counts as an attempt.
            return DeliveryOutcome.failed(connected ? Result.RETRY : Result.NOT_TRIED, recipient, e.getMessage());
        }
    }

    /**
     * Sends a mail over the connection. A check of the connection costs as much as a command of the mail itself, and is
     * left out after a mail that was just sent.
     */
    private void transmit(EncodedMail mail) throws MessagingException {
        Transport current = connection;
        if (current != null && System.nanoTime() - lastUse < UNCHECKED_TIME.toNanos()) {
            try {
                current.sendMessage(mail, mail.getAllRecipients());
                return;
            } catch (MessagingException e) {
                if (current.isConnected()) {
                    throw e;
                }
                LOG.debug("The SMTP server ended the connection: {}", AddressMasking.mask(e.toString()));
            }
        }
        connect().sendMessage(mail, mail.getAllRecipients());
    }

    /** A response 5xx is permanent for this mail, 4xx is not (RFC 5321, section 4.2.1). */
    private DeliveryOutcome rejected(SendFailedException e, String recipient) {
        int code = 0;
        for (Exception cause = e; cause instanceof MessagingException messaging; cause = messaging.getNextException()) {
            if (cause instanceof SMTPAddressFailedException address) {
                code = address.getReturnCode();
            } else if (cause instanceof SMTPSendFailedException sending) {
                code = sending.getReturnCode();
            }
        }
        if (connection != null && !connection.isConnected()) {
            close();
        }
        return DeliveryOutcome.failed(code >= 500 ? Result.PARK : Result.RETRY, recipient, e.getMessage());
    }

    private Transport connect() throws MessagingException {
        Transport current = connection;
        if (current != null && current.isConnected()) {
            return current;
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
        return fresh;
    }

    /** An empty environment variable means the same as one that is not set. */
    private static @Nullable String absentIfEmpty(@Nullable String setting) {
        return setting == null || setting.isEmpty() ? null : setting;
    }

    @Override
    public void idle() {
        if (connection != null && System.nanoTime() - lastUse > IDLE_TIMEOUT.toNanos()) {
            close();
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (MessagingException e) {
                LOG.debug("Closing an SMTP connection failed: {}", e.getMessage());
            }
            connection = null;
        }
    }
}
