package org.countersign.notifier.mail;

import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import jakarta.mail.util.StreamProvider;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.maildata.MailData;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes mails: the same words as text and as HTML, in the reader's language. Texts stand in the bundles of messages,
 * the frame in the templates.
 */
@Component
class MailComposer {

    private static final String PICTURE = "progress";
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

    private final ProgressPicture pictures = new ProgressPicture();
    private final String from;

    MailComposer(
            ITemplateEngine templates,
            MessageSource texts,
            JdbcClient database,
            @Value("${countersign.mail.from}") String from) {
        this.templates = templates;
        this.texts = texts;
        this.database = database;
        this.from = from;
    }

    /** A link and what stands on it. */
    record Link(String label, String address) {}

    /**
     * The mail of a delivery, empty if its petition is not known here yet.
     *
     * @throws MessagingException if the address can't be written to
     */
    Optional<MimeMessage> compose(Session session, Delivery delivery, MailData data) throws MessagingException {
        String title = titles.computeIfAbsent(delivery.content().petition(), this::title);
        return title == null ? Optional.empty() : Optional.of(compose(session, delivery, data, title));
    }

    private String title(String petition) {
        return database.sql("select title from petition where slug = ?")
                .param(petition)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private MimeMessage compose(Session session, Delivery delivery, MailData data, String title)
            throws MessagingException {
        MailLanguage language = MailLanguage.of(data.language() == null ? "" : data.language());
        Words words = new Words(texts, language.locale());
        String kind = delivery.kind().text();
        JsonNode details = JSON.readTree(delivery.content().details().orElse("{}"));
        long threshold = details.path("threshold").asLong();
        long goal = details.path("goal").asLong();
        Object[] values = {title, threshold, goal};
        Context context = new Context(language.locale());
        String subject = words.text(kind + ".subject", values);
        context.setVariable("lang", language.locale().toLanguageTag());
        context.setVariable("dir", language.direction());
        context.setVariable("subject", subject);
        context.setVariable("greeting", words.text("greeting", data.name()));
        context.setVariable("text", words.text(kind + ".text", values));
        context.setVariable("picture", goal > 0 ? words.text("progress") : null);
        context.setVariable("action", action(delivery, data, words));
        context.setVariable(
                "receipt",
                delivery.kind() == DeliveryKind.THANKS
                        ? link(words, "receipt", data.links().receipt())
                        : null);
        context.setVariable("reason", words.text(kind + ".reason", values));
        Link leave = leave(delivery.kind(), data, words);
        context.setVariable("leave", leave);
        context.setVariable("data", link(words, "mydata", data.links().myData()));
        MimeMessage message = new MessageWithId(session, "<" + delivery.id() + "@" + host() + ">");
        address(message, data);
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Clock.systemUTC().instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContentLanguage(new String[] {language.locale().toLanguageTag()});
        delivery.trace().ifPresent(trace -> header(message, "Trace-Id", trace));
        unsubscribing(message, delivery.kind(), leave);
        MimeBodyPart html = html(context);
        message.setContent(new MimeMultipart(
                "alternative",
                text(context),
                goal > 0
                        ? whole(new MimeMultipart(
                                "related", html, picture(pictures.of(threshold, goal, language.isRightToLeft()))))
                        : html));
        message.saveChanges();
        return message;
    }

    /** The messages in one language. */
    private record Words(MessageSource texts, Locale locale) {

        private String text(String key, Object... values) {
            return texts.getMessage(key, values, locale);
        }
    }

    private static Link action(Delivery delivery, MailData data, Words words) {
        return delivery.kind() == DeliveryKind.CONFIRM
                ? link(words, "confirm.action", data.links().confirm())
                : link(words, "petition.action", data.links().petition());
    }

    /** Returns the link that ends these mails. Organisers have none, signers withdraw, and others unsubscribe. */
    private static @Nullable Link leave(DeliveryKind kind, MailData data, Words words) {
        return switch (kind) {
            case MILESTONE, WEBHOOK -> null;
            case UPDATE, ALERT -> link(words, "unsubscribe", data.links().unsubscribe());
            default -> link(words, "withdraw", data.links().withdraw());
        };
    }

    /** Returns a link, or null if the mail data has no such address. */
    private static @Nullable Link link(Words words, String label, @Nullable String address) {
        return address == null ? null : new Link(words.text(label), address);
    }

    private static void unsubscribing(MimeMessage message, DeliveryKind kind, Link leave) throws MessagingException {
        if (leave != null) {
            message.setHeader("List-Unsubscribe", "<" + leave.address() + ">");
        }
        // To withdraw there is a page with a button, so no one-click header: no mail program is to withdraw a signature
        // by itself.
        if (kind == DeliveryKind.UPDATE || kind == DeliveryKind.ALERT) {
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
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

    private MimeBodyPart text(Context context) throws MessagingException {
        MimeBodyPart text = new MimeBodyPart();
        text.setText(templates.process("mail.txt", context), StandardCharsets.UTF_8.name());
        return text;
    }

    private MimeBodyPart html(Context context) throws MessagingException {
        MimeBodyPart html = new MimeBodyPart();
        html.setText(templates.process("mail.html", context), StandardCharsets.UTF_8.name(), "html");
        return html;
    }

    private static MimeBodyPart picture(byte[] png) throws MessagingException {
        MimeBodyPart picture = new MimeBodyPart();
        picture.setDataHandler(new DataHandler(new ByteArrayDataSource(png, "image/png")));
        picture.setContentID("<" + PICTURE + ">");
        picture.setDisposition(Part.INLINE);
        return picture;
    }

    private static MimeBodyPart whole(MimeMultipart parts) throws MessagingException {
        MimeBodyPart whole = new MimeBodyPart();
        whole.setContent(parts);
        return whole;
    }

    private static void header(MimeMessage message, String name, String value) {
        try {
            message.setHeader(name, value);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
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
