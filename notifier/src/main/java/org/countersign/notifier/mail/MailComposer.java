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
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.countersign.maildata.MailData;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.mail.MailContent.Link;
import org.countersign.notifier.petition.PetitionDirectory;
import org.countersign.notifier.petition.PetitionFacts;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Composes mails in the reader's language, as text and as HTML with the same words. The words are in the message
 * bundles, the layout is in the templates.
 */
@Component
class MailComposer {

    private static final int MAX_LINE_LENGTH = 998;
    private static final String PICTURE_ID = "progress";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static {
        // Otherwise each part of each mail searches all jars for a provider. That takes longer than composing the mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final MailTemplates templates = new MailTemplates();
    private final MessageSource texts;
    private final Function<String, Optional<PetitionFacts>> petitions;
    private final ProgressPicture pictures = new ProgressPicture();
    private final String from;

    /** @param from the sender's address */
    @Autowired
    MailComposer(MessageSource texts, PetitionDirectory petitions, @Value("${countersign.mail.from}") String from) {
        this(texts, petitions::find, from);
    }

    /** @param petitions finds the facts of a petition by its slug */
    MailComposer(MessageSource texts, Function<String, Optional<PetitionFacts>> petitions, String from) {
        this.texts = texts;
        this.petitions = petitions;
        this.from = from;
    }

    /**
     * Composes the mail of a delivery. Returns empty if the event of its petition was not read yet.
     *
     * @throws MessagingException if the recipient's address is malformed
     */
    Optional<MimeMessage> compose(Session session, Delivery delivery, MailData data) throws MessagingException {
        Optional<PetitionFacts> petition = petitions.apply(delivery.content().petition());
        return petition.isEmpty()
                ? Optional.empty()
                : Optional.of(compose(session, delivery, data, petition.orElseThrow()));
    }

    private MimeMessage compose(Session session, Delivery delivery, MailData data, PetitionFacts petition)
            throws MessagingException {
        MailLanguage language = MailLanguage.of(Optional.ofNullable(data.language()));
        Words words = new Words(texts, language.locale());
        long threshold = threshold(delivery);
        Link leave = leave(delivery.kind(), data, words);
        String subject = words.text(delivery.kind().text() + ".subject", petition.title(), threshold, petition.goal());
        MailContent content = content(delivery, data, petition, words, language, threshold, subject, leave);

        MimeMessage message = new MessageWithId(session, "<" + delivery.id() + "@" + host() + ">");
        address(message, delivery.kind(), data);
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Clock.systemUTC().instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContentLanguage(new String[] {language.locale().toLanguageTag()});
        if (delivery.trace().isPresent()) {
            message.setHeader("Trace-Id", delivery.trace().orElseThrow());
        }
        setUnsubscribeHeaders(message, delivery.kind(), leave);
        MimeBodyPart html = html(content);
        if (threshold > 0) {
            byte[] picture = pictures.of(threshold, petition.goal(), language.isRightToLeft());
            html = wrap(new MimeMultipart("related", html, picture(picture)));
        }
        message.setContent(new MimeMultipart("alternative", text(content), html));
        message.saveChanges();
        return message;
    }

    /** Returns the milestone that a mail is about, or 0 for a mail about something else. */
    private static long threshold(Delivery delivery) {
        return delivery.content()
                .details()
                .map(details -> JSON.readTree(details).path("threshold").asLong())
                .orElse(0L);
    }

    private static MailContent content(
            Delivery delivery,
            MailData data,
            PetitionFacts petition,
            Words words,
            MailLanguage language,
            long threshold,
            String subject,
            @Nullable Link leave) {
        DeliveryKind kind = delivery.kind();
        Object[] values = {petition.title(), threshold, petition.goal()};
        return new MailContent(
                language.locale().toLanguageTag(),
                language.direction(),
                subject,
                isNamed(kind, data) ? words.text("greeting", data.name()) : words.text("greeting.unnamed"),
                words.text(kind.text() + ".text", values),
                showsGoalApart(kind) ? words.text("goal", petition.goal()) : null,
                threshold > 0 ? words.text("progress") : null,
                threshold > 0 ? nextMilestone(petition, threshold, words) : null,
                action(delivery, data, words),
                kind == DeliveryKind.THANKS
                        ? link(words, "receipt", data.links().receipt())
                        : null,
                words.text(kind.text() + ".reason", values),
                leave,
                link(words, "mydata", data.links().myData()));
    }

    /** The texts of milestone mails contain the goal already. */
    private static boolean showsGoalApart(DeliveryKind kind) {
        return kind == DeliveryKind.CONFIRM || kind == DeliveryKind.THANKS;
    }

    private static @Nullable String nextMilestone(PetitionFacts petition, long threshold, Words words) {
        OptionalLong next = petition.nextMilestoneBesideGoal(threshold);
        return next.isPresent() ? words.text("next", next.getAsLong()) : null;
    }

    /** The messages in one language. */
    private record Words(MessageSource texts, Locale locale) {

        private String text(String key, Object... values) {
            return texts.getMessage(key, values, locale);
        }
    }

    /** Returns the link of the button, which every mail has. */
    private static Link action(Delivery delivery, MailData data, Words words) {
        Link link = delivery.kind() == DeliveryKind.CONFIRM
                ? link(words, "confirm.action", data.links().confirm())
                : link(words, "petition.action", data.links().petition());
        return Objects.requireNonNull(link, "the mail data lacks the link of the button");
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

    private static void setUnsubscribeHeaders(MimeMessage message, DeliveryKind kind, @Nullable Link leave)
            throws MessagingException {
        if (leave != null) {
            message.setHeader("List-Unsubscribe", "<" + leave.address() + ">");
        }
        // RFC 8058. A withdrawal needs a click on a page: no mail program may withdraw a signature by itself.
        if (kind == DeliveryKind.UPDATE || kind == DeliveryKind.ALERT) {
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
    }

    /**
     * A stranger may have typed the name of somebody who has not confirmed it, for example to spread a text by mail.
     */
    private static boolean isNamed(DeliveryKind kind, MailData data) {
        return kind != DeliveryKind.CONFIRM && !data.name().isEmpty();
    }

    private void address(MimeMessage message, DeliveryKind kind, MailData data) throws MessagingException {
        try {
            message.setFrom(new InternetAddress(from, "Countersign", StandardCharsets.UTF_8.name()));
            InternetAddress to = new InternetAddress(asciiDomain(data.email()), true);
            if (isNamed(kind, data)) {
                to.setPersonal(data.name(), StandardCharsets.UTF_8.name());
            }
            message.setRecipient(MimeMessage.RecipientType.TO, to);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is missing", e);
        }
    }

    private static String asciiDomain(String email) {
        int at = email.lastIndexOf('@');
        return email.substring(0, at + 1) + IDN.toASCII(email.substring(at + 1));
    }

    private MimeBodyPart text(MailContent content) throws MessagingException {
        return part(templates.text(content), "plain");
    }

    private MimeBodyPart html(MailContent content) throws MessagingException {
        return part(templates.html(content), "html");
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        // Otherwise the library encodes the text once more, to choose between these two.
        part.setHeader("Content-Transfer-Encoding", isShortAscii(text) ? "7bit" : "quoted-printable");
        return part;
    }

    /** Tells whether a text can be sent as it is: ASCII with lines of at most 998 characters (RFC 5322, 2.1.1). */
    private static boolean isShortAscii(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            length = next == '\n' ? 0 : length + 1;
            if (next >= 0x80 || next == '\r' || length > MAX_LINE_LENGTH) {
                return false;
            }
        }
        return true;
    }

    private static MimeBodyPart picture(byte[] png) throws MessagingException {
        MimeBodyPart picture = new MimeBodyPart();
        picture.setDataHandler(new DataHandler(new ByteArrayDataSource(png, "image/png")));
        picture.setContentID("<" + PICTURE_ID + ">");
        picture.setDisposition(Part.INLINE);
        return picture;
    }

    private static MimeBodyPart wrap(MimeMultipart parts) throws MessagingException {
        MimeBodyPart whole = new MimeBodyPart();
        whole.setContent(parts);
        return whole;
    }

    private String host() {
        return from.substring(from.lastIndexOf('@') + 1);
    }

    /** Saving a message replaces its id. A repeat must carry the first one. */
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
