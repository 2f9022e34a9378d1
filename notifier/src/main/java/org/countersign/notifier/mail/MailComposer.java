package org.countersign.notifier.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.StreamProvider;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.Kind;
import org.countersign.notifier.mail.MailDataClient.MailData;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes mails: the same words as text and as HTML. Texts stand in messages.properties, the frame in the templates. */
@Component
class MailComposer {

    private static final Locale LANGUAGE = Locale.ENGLISH;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static {
        // Else each part of each mail looks through all jars for it, which takes longer than writing the mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final ITemplateEngine templates;
    private final MessageSource texts;
    private final JdbcClient database;
    /** They never change. */
    private final Map<String, String> titles = new ConcurrentHashMap<>();
    private final String site;
    private final String from;

    MailComposer(ITemplateEngine templates, MessageSource texts, JdbcClient database, @Value("${countersign.public-url}") String site,
                 @Value("${countersign.mail.from}") String from) {
        this.templates = templates;
        this.texts = texts;
        this.database = database;
        this.site = site;
        this.from = from;
    }

    /** A link and what stands on it. */
    record Link(String label, String address) {
    }

    /**
     * The mail of a delivery, empty if its petition is not known here yet.
     *
     * @throws MessagingException if the address can't be written to
     */
    Optional<MimeMessage> compose(Session session, Delivery delivery, MailData data) throws MessagingException {
        String title = titles.computeIfAbsent(delivery.petition(), this::title);
        return title == null ? Optional.empty() : Optional.of(compose(session, delivery, data, title));
    }

    private String title(String petition) {
        return database.sql("select title from petition where slug = ?").param(petition).query(String.class).optional().orElse(null);
    }

    private MimeMessage compose(Session session, Delivery delivery, MailData data, String title) throws MessagingException {
        String kind = delivery.kind().text();
        JsonNode details = JSON.readTree(delivery.details().orElse("{}"));
        Object[] values = {title, details.path("threshold").asLong(), details.path("goal").asLong()};
        Context context = new Context(LANGUAGE);
        String subject = text(kind + ".subject", values);
        context.setVariable("subject", subject);
        context.setVariable("greeting", text("greeting", data.name()));
        context.setVariable("text", text(kind + ".text", values));
        context.setVariable("action", action(delivery, data));
        context.setVariable("receipt", delivery.kind() == Kind.THANKS
                ? new Link(text("receipt"), site + "/api/signatures/receipt?token=" + data.myDataToken()) : null);
        context.setVariable("reason", text(kind + ".reason", values));
        context.setVariable("leave", leave(delivery.kind(), data));
        context.setVariable("data", delivery.signature().isEmpty() ? null : new Link(text("mydata"), site + "/my-data?token=" + data.myDataToken()));
        MimeMessage message = new MessageWithId(session, "<" + delivery.id() + "@" + host() + ">");
        address(message, data);
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Clock.systemUTC().instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        delivery.trace().ifPresent(trace -> header(message, "Trace-Id", trace));
        unsubscribing(message, delivery.kind(), data);
        message.setContent(alternatives(context));
        message.saveChanges();
        return message;
    }

    private Link action(Delivery delivery, MailData data) {
        return delivery.kind() == Kind.CONFIRM
                ? new Link(text("confirm.action"), site + "/confirm?token=" + data.verifyToken())
                : new Link(text("petition.action"), site + "/petitions/" + delivery.petition());
    }

    /** How the reader gets out of this: an organiser does not, a signer withdraws, a subscriber unsubscribes. */
    private Link leave(Kind kind, MailData data) {
        return switch (kind) {
            case MILESTONE, WEBHOOK -> null;
            case UPDATE -> new Link(text("unsubscribe"), unsubscribe(data));
            default -> new Link(text("withdraw"), withdraw(data));
        };
    }

    private void unsubscribing(MimeMessage message, Kind kind, MailData data) throws MessagingException {
        if (kind == Kind.UPDATE) {
            message.setHeader("List-Unsubscribe", "<" + unsubscribe(data) + ">");
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        } else if (kind != Kind.MILESTONE) {
            // A page with a button, so without the one-click header: no mail program is to withdraw a signature by itself.
            message.setHeader("List-Unsubscribe", "<" + withdraw(data) + ">");
        }
    }

    private String withdraw(MailData data) {
        return site + "/withdraw?token=" + data.withdrawToken();
    }

    private String unsubscribe(MailData data) {
        return site + "/unsubscribe?token=" + data.stopUpdatesToken();
    }

    private void address(MimeMessage message, MailData data) throws MessagingException {
        try {
            message.setFrom(new InternetAddress(from, "Countersign", StandardCharsets.UTF_8.name()));
            InternetAddress to = new InternetAddress(asciiDomain(data.email()), true);
            to.setPersonal(data.name(), StandardCharsets.UTF_8.name());
            message.setRecipient(MimeMessage.RecipientType.TO, to);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every Java has UTF-8", e);
        }
    }

    private static String asciiDomain(String email) {
        int at = email.lastIndexOf('@');
        return email.substring(0, at + 1) + java.net.IDN.toASCII(email.substring(at + 1));
    }

    private MimeMultipart alternatives(Context context) throws MessagingException {
        MimeBodyPart text = new MimeBodyPart();
        text.setText(templates.process("mail.txt", context), StandardCharsets.UTF_8.name());
        MimeBodyPart html = new MimeBodyPart();
        html.setText(templates.process("mail.html", context), StandardCharsets.UTF_8.name(), "html");
        return new MimeMultipart("alternative", text, html);
    }

    private static void header(MimeMessage message, String name, String value) {
        try {
            message.setHeader(name, value);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String key, Object... values) {
        return texts.getMessage(key, values, LANGUAGE);
    }

    private String host() {
        return from.substring(from.lastIndexOf('@') + 1);
    }

    /** Saving a message would give it a new id; a repeat must carry the first one. */
    private static final class MessageWithId extends MimeMessage {

        private final String id;

        private MessageWithId(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
