package org.countersign.notifier.mail;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

    private static final int MAX_FORM_BYTES = 8_000_000;
    private static final String PICTURE_ID = "progress";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** RFC 5322, section 3.3. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    static {
        // Otherwise each part of each mail searches all jars for a provider. That takes longer than composing the mail.
        System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
    }

    private final MailTemplates templates = new MailTemplates();
    private final MessageSource texts;
    private final Function<String, Optional<PetitionFacts>> petitions;
    private final ProgressPicture pictures = new ProgressPicture();
    private final InternetAddress sender;
    private final Cache<FormKey, MailForm> forms = Caffeine.newBuilder()
            .maximumWeight(MAX_FORM_BYTES)
            .weigher((FormKey key, MailForm form) -> form.size())
            .build();

    private final DkimSigners signers;

    /**
     * Creates the composer.
     *
     * @param from the sender's address
     * @param dkimKeys the keys that sign mails, see {@link DkimSigners#of}; empty for none
     */
    @Autowired
    MailComposer(
            MessageSource texts,
            PetitionDirectory petitions,
            @Value("${countersign.mail.from}") String from,
            @Value("${countersign.mail.dkim-keys}") String dkimKeys) {
        this(texts, petitions::find, from, DkimSigners.of(from, dkimKeys));
    }

    /** @param petitions finds the facts of a petition by its slug */
    MailComposer(MessageSource texts, Function<String, Optional<PetitionFacts>> petitions, String from) {
        this(texts, petitions, from, DkimSigners.NONE);
    }

    MailComposer(
            MessageSource texts,
            Function<String, Optional<PetitionFacts>> petitions,
            String from,
            DkimSigners signers) {
        this.signers = signers;
        this.texts = texts;
        this.petitions = petitions;
        this.sender = named(address(from), "Countersign");
    }

    /**
     * Composes the mail of a delivery. Returns empty if the event of its petition was not read yet.
     *
     * @throws MessagingException if the recipient's address is malformed
     */
    Optional<EncodedMail> compose(Session session, Delivery delivery, MailData data) throws MessagingException {
        Optional<PetitionFacts> petition = petitions.apply(delivery.content().petition());
        if (petition.isEmpty()) {
            return Optional.empty();
        }
        InternetAddress recipient = recipient(delivery.kind(), data);
        MailData placeholders = ReaderText.placeholders(data);
        Locale locale = MailLanguage.of(Optional.ofNullable(data.language())).locale();
        FormKey key =
                new FormKey(delivery.kind(), delivery.content().petition(), locale, threshold(delivery), placeholders);
        MailForm form = forms.getIfPresent(key);
        if (form == null) {
            form = form(session, key, petition.get());
            forms.put(key, form);
        }
        byte[] content = form.complete(headers(delivery, recipient, data), data);
        byte[] signed = signers.sign(content, Clock.systemUTC().instant());
        return Optional.of(new EncodedMail(session, sender, recipient, signed));
    }

    /**
     * What determines a form. A published petition never changes.
     *
     * @param placeholders tells which texts the reader has
     */
    private record FormKey(DeliveryKind kind, String petition, Locale locale, long threshold, MailData placeholders) {}

    private MailForm form(Session session, FormKey key, PetitionFacts petition) throws MessagingException {
        MailLanguage language = new MailLanguage(key.locale());
        Words words = new Words(texts, key.locale());
        String subject = words.text(key.kind().text() + ".subject", petition.title(), key.threshold(), petition.goal());
        MailContent content = content(key, petition, words, language, subject);

        MimeMessage message = new MimeMessage(session);
        message.setFrom(sender);
        message.setSubject(subject, StandardCharsets.UTF_8.name());
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContentLanguage(new String[] {key.locale().toLanguageTag()});
        MimeBodyPart html = part(MailForm.HTML_BODY, "html");
        if (key.threshold() > 0) {
            byte[] picture = pictures.of(key.threshold(), petition.goal(), language.isRightToLeft());
            html = wrap(new MimeMultipart("related", html, picture(picture)));
        }
        message.setContent(new MimeMultipart("alternative", part(MailForm.TEXT_BODY, "plain"), html));
        message.saveChanges();
        // Each mail has its own.
        message.removeHeader("Message-ID");
        message.removeHeader("Date");
        return new MailForm(message, templates.text(content), templates.html(content));
    }

    /** Returns the header lines of one mail. A repeat of the mail has the same id. */
    private String headers(Delivery delivery, InternetAddress recipient, MailData data) {
        HeaderLines headers = new HeaderLines();
        headers.add("Date", DATE.format(Clock.systemUTC().instant().atOffset(ZoneOffset.UTC)));
        headers.add("To", InternetAddress.toString(new InternetAddress[] {recipient}, "To: ".length()));
        headers.add("Message-ID", "<" + delivery.id() + "@" + host() + ">");
        delivery.trace().ifPresent(trace -> headers.add("Trace-Id", trace));
        String leave = leaveAddress(delivery.kind(), data);
        if (leave != null) {
            headers.add("List-Unsubscribe", "<" + leave + ">");
        }
        // RFC 8058. A withdrawal needs a click on a page: no mail program may withdraw a signature by itself.
        if (isMailing(delivery.kind())) {
            headers.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        return headers.toString();
    }

    private static final class HeaderLines {

        private final StringBuilder lines = new StringBuilder();

        void add(String name, String value) {
            lines.append(name).append(": ").append(value).append("\r\n");
        }

        @Override
        public String toString() {
            return lines.toString();
        }
    }

    /** Returns the milestone that a mail is about, or 0 for a mail about something else. */
    private static long threshold(Delivery delivery) {
        return delivery.content()
                .details()
                .map(details -> JSON.readTree(details).path("threshold").asLong())
                .orElse(0L);
    }

    private static MailContent content(
            FormKey key, PetitionFacts petition, Words words, MailLanguage language, String subject) {
        DeliveryKind kind = key.kind();
        MailData data = key.placeholders();
        long threshold = key.threshold();
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
                action(kind, data, words),
                kind == DeliveryKind.THANKS
                        ? link(words, "receipt", data.links().receipt())
                        : null,
                words.text(kind.text() + ".reason", values),
                link(words, isMailing(kind) ? "unsubscribe" : "withdraw", leaveAddress(kind, data)),
                link(words, "mydata", data.links().myData()),
                kind.isSuppressible() ? link(words, "neverwrite", data.links().neverWrite()) : null);
    }

    /** The texts of milestone mails contain the goal already. */
    private static boolean showsGoalApart(DeliveryKind kind) {
        return kind.asksToConfirm() || kind == DeliveryKind.THANKS;
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
    private static Link action(DeliveryKind kind, MailData data, Words words) {
        Link link = kind.asksToConfirm()
                ? link(words, "confirm.action", data.links().confirm())
                : link(words, "petition.action", data.links().petition());
        return Objects.requireNonNull(link, "the mail data lacks the link of the button");
    }

    /** Tells whether a mail goes to somebody who subscribed. Signers withdraw, and others unsubscribe. */
    private static boolean isMailing(DeliveryKind kind) {
        return kind == DeliveryKind.UPDATE || kind == DeliveryKind.ALERT;
    }

    /** Returns the link that ends these mails. Organisers have none. */
    private static @Nullable String leaveAddress(DeliveryKind kind, MailData data) {
        if (kind == DeliveryKind.MILESTONE || kind == DeliveryKind.ATTACK || kind == DeliveryKind.WEBHOOK) {
            return null;
        }
        return isMailing(kind) ? data.links().unsubscribe() : data.links().withdraw();
    }

    /** Returns a link, or null if the mail data has no such address. */
    private static @Nullable Link link(Words words, String label, @Nullable String address) {
        return address == null ? null : new Link(words.text(label), address);
    }

    /**
     * A stranger may have typed the name of somebody who has not confirmed it, for example to spread a text by mail.
     */
    private static boolean isNamed(DeliveryKind kind, MailData data) {
        return !kind.asksToConfirm() && !data.name().isEmpty();
    }

    private static InternetAddress recipient(DeliveryKind kind, MailData data) throws AddressException {
        InternetAddress recipient = new InternetAddress(asciiDomain(data.email()), true);
        return isNamed(kind, data) ? named(recipient, data.name()) : recipient;
    }

    private static InternetAddress address(String text) {
        InternetAddress address = new InternetAddress();
        address.setAddress(text);
        return address;
    }

    private static InternetAddress named(InternetAddress address, String name) {
        try {
            address.setPersonal(name, StandardCharsets.UTF_8.name());
            return address;
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is missing", e);
        }
    }

    private static String asciiDomain(String email) {
        int at = email.lastIndexOf('@');
        return email.substring(0, at + 1) + IDN.toASCII(email.substring(at + 1));
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
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
        return sender.getAddress().substring(sender.getAddress().lastIndexOf('@') + 1);
    }
}
