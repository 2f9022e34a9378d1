package org.countersign.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.countersign.counting.Milestones;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailLinks;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.notifier.petition.PetitionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.web.util.HtmlUtils;

class MailComposerTest {

    private static final String TITLE = "Räume & <Plätze> für “alle” = gut";
    private static final Session SESSION = Session.getInstance(new Properties());

    private final MailComposer composer = new MailComposer(
            texts(),
            petition -> petition.equals("unread")
                    ? Optional.empty()
                    : Optional.of(new PetitionFacts(TITLE, "de", new Milestones(List.of(), 100))),
            "no-reply@countersign.example");

    private static ResourceBundleMessageSource texts() {
        ResourceBundleMessageSource texts = new ResourceBundleMessageSource();
        texts.setBasename("messages");
        texts.setDefaultEncoding("UTF-8");
        texts.setFallbackToSystemLocale(false);
        return texts;
    }

    private static Delivery delivery(DeliveryKind kind, String petition) {
        return new Delivery(
                UUID.randomUUID(),
                kind,
                new Recipient.SignerRecipient(UUID.randomUUID(), 1),
                Delivery.Content.of(petition),
                Optional.empty(),
                Optional.of("0af7651916cd43dd8448eb211c80319c"));
    }

    private static MailData reader(String name, String language, String token) {
        String base = "https://sign.example/";
        return new MailData(
                name,
                "Reader@Bücher.example",
                language,
                new MailLinks(
                        base + "petitions/any",
                        base + "confirm?token=" + token,
                        base + "withdraw?token=" + token,
                        base + "unsubscribe?a=1&token=" + token,
                        base + "my-data?token=" + token,
                        base + "receipt?token=" + token,
                        base + "never-write?token=" + token),
                null);
    }

    private MimeMessage sent(DeliveryKind kind, MailData data) throws Exception {
        return parse(
                bytes(composer.compose(SESSION, delivery(kind, "any"), data).orElseThrow()));
    }

    private static byte[] bytes(EncodedMail mail) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        mail.writeTo(bytes);
        return bytes.toByteArray();
    }

    private static MimeMessage parse(byte[] mail) throws Exception {
        return new MimeMessage(SESSION, new ByteArrayInputStream(mail));
    }

    private static String body(MimeMessage mail, int part) throws Exception {
        BodyPart body = ((Multipart) mail.getContent()).getBodyPart(part);
        return body.getContent().toString().replace("\r\n", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada",
                "Zoë O'Brien & Söhne <b>",
                "ولادة",
                "a name that is much longer than a line of seventy-six characters, with a space at its end ",
                "=C3=A9 \"quoted\"",
                "."
            })
    void the_reader_gets_both_bodies_with_the_own_name_and_links(String name) throws Exception {
        sent(DeliveryKind.THANKS, reader("Somebody else", "de", "other"));
        MailData data = reader(name, "de", "x".repeat(150));
        MimeMessage mail = sent(DeliveryKind.THANKS, data);
        String text = body(mail, 0);
        String html = body(mail, 1);
        assertThat(text)
                .contains(name + ",", TITLE, data.links().receipt(), "\n\n-- \n")
                .doesNotContain("Somebody", "other", "\n" + data.links().unsubscribe());
        assertThat(html)
                .contains(
                        HtmlUtils.htmlEscape(name, "UTF-8") + ",",
                        "href=\"" + data.links().withdraw() + "\"",
                        "href=\"" + data.links().myData() + "\"")
                .doesNotContain("Somebody", "other");
        for (ReaderText one : ReaderText.values()) {
            assertThat(text + html).doesNotContain(one.placeholder());
        }
    }

    @Test
    void each_mail_has_the_headers_of_its_reader() throws Exception {
        Delivery delivery = delivery(DeliveryKind.ALERT, "any");
        MailData data = reader("Zoë, \"the\" reader", "ar", "secret");
        MimeMessage mail = parse(bytes(composer.compose(SESSION, delivery, data).orElseThrow()));
        InternetAddress to = (InternetAddress) mail.getAllRecipients()[0];
        assertThat(to.getAddress()).isEqualTo("Reader@xn--bcher-kva.example");
        assertThat(to.getPersonal()).isEqualTo("Zoë, \"the\" reader");
        assertThat(mail.getFrom())
                .extracting(Object::toString)
                .containsExactly("Countersign <no-reply@countersign.example>");
        assertThat(mail.getMessageID()).isEqualTo("<" + delivery.id() + "@countersign.example>");
        assertThat(mail.getSentDate()).isCloseTo(new java.util.Date(), 60_000);
        assertThat(mail.getSubject()).contains(TITLE);
        assertThat(mail.getHeader("List-Unsubscribe"))
                .containsExactly("<" + data.links().unsubscribe() + ">");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
        assertThat(mail.getHeader("Trace-Id")).containsExactly("0af7651916cd43dd8448eb211c80319c");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getContentLanguage()).containsExactly("ar");
        for (String name :
                new String[] {"Date", "To", "From", "Subject", "Message-ID", "MIME-Version", "Content-Type"}) {
            assertThat(mail.getHeader(name)).as(name).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"CONFIRM, de", "THANKS, ar", "UPDATE, en", "ALREADY_SIGNED, fr"})
    void no_line_is_longer_than_quoted_printable_allows(DeliveryKind kind, String language) throws Exception {
        String mail = new String(
                bytes(composer.compose(
                                SESSION,
                                delivery(kind, "any"),
                                reader("Zoë " + "ë".repeat(90), language, "y".repeat(200)))
                        .orElseThrow()),
                StandardCharsets.US_ASCII);
        assertThat(mail.substring(mail.indexOf("\r\n\r\n")).split("\r\n"))
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(76).doesNotEndWith(" "));
        assertThat(mail.replace("\r\n", "")).doesNotContain("\r", "\n", "�");
    }

    @Test
    void a_mail_that_asks_for_confirmation_shows_no_name() throws Exception {
        MimeMessage mail = sent(DeliveryKind.CONFIRM, reader("Buy at spam.example", "en", "t"));
        assertThat(body(mail, 0) + body(mail, 1) + mail.getHeader("To")[0]).doesNotContain("spam");
    }

    @Test
    void a_reader_without_links_gets_a_mail_without_them() throws Exception {
        sent(DeliveryKind.THANKS, reader("Ada", "en", "t"));
        MailData data = new MailData(
                "",
                "ada@sign.example",
                "en",
                new MailLinks("https://x.example", null, null, null, null, null, null),
                null);
        MimeMessage mail = sent(DeliveryKind.THANKS, data);
        assertThat(mail.getHeader("List-Unsubscribe")).isNull();
        assertThat(body(mail, 1)).containsOnlyOnce("href=");
    }

    @ParameterizedTest
    @CsvSource({
        "en,Never write to me again",
        "de,Schreiben Sie mir nie wieder",
        "fr,Ne m’écrivez plus jamais",
        "ar,لا تراسلوني أبدًا",
        "hy,Այլևս երբեք ինձ մի՛ գրեք"
    })
    void every_mail_to_a_signer_offers_never_to_write_again(String language, String words) throws Exception {
        for (DeliveryKind kind : List.of(
                DeliveryKind.CONFIRM,
                DeliveryKind.ALREADY_SIGNED,
                DeliveryKind.THANKS,
                DeliveryKind.UPDATE,
                DeliveryKind.ALERT)) {
            MimeMessage mail = sent(kind, reader("Ada", language, "secret"));
            assertThat(body(mail, 0))
                    .as(kind + " as text")
                    .containsOnlyOnce("https://sign.example/never-write?token=secret")
                    .contains(words);
            assertThat(body(mail, 1))
                    .as(kind + " as HTML")
                    .containsOnlyOnce("href=\"https://sign.example/never-write?token=secret\"")
                    .contains(words);
        }
    }

    @Test
    void an_organiser_gets_no_link_that_stops_the_mails_about_the_own_petition() throws Exception {
        MimeMessage mail = sent(DeliveryKind.MILESTONE, reader("Olga", "en", "secret"));
        assertThat(body(mail, 0) + body(mail, 1)).doesNotContain("never-write");
    }

    @Test
    void a_mail_about_an_unknown_petition_waits() throws Exception {
        assertThat(composer.compose(SESSION, delivery(DeliveryKind.CONFIRM, "unread"), reader("Ada", "en", "t")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "ada@x.example\r\nBcc: eve@x.example", "ada@x.example, eve@x.example"})
    void a_malformed_address_is_refused(String address) {
        MailData data =
                new MailData("Ada", address, "en", reader("Ada", "en", "t").links(), null);
        Assertions.assertThatExceptionOfType(AddressException.class)
                .isThrownBy(() -> composer.compose(SESSION, delivery(DeliveryKind.THANKS, "any"), data));
    }
}
