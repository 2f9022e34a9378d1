package org.countersign.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.countersign.counting.Milestones;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailLinks;
import org.countersign.notifier.delivery.Delivery;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.notifier.delivery.Recipient;
import org.countersign.notifier.petition.PetitionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.support.StaticMessageSource;

/** Mails that are signed with DKIM. The example is that of RFC 8463, appendix A. */
class DkimSignerTest {

    private static final String MAIL = """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """.replace("\n", "\r\n");
    private static final String BODY_HASH = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";

    private static PrivateKey exampleKey() throws Exception {
        byte[] key = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key));
    }

    private static KeyPair rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static String sign(PrivateKey key, String mail) {
        return new DkimSigner("football.example.com", "brisbane", key)
                .sign(mail.getBytes(StandardCharsets.ISO_8859_1), Instant.ofEpochSecond(1528637909));
    }

    @Test
    void the_canonical_form_is_that_of_the_standard() throws Exception {
        String header = MAIL.substring(0, MAIL.indexOf("\r\n\r\n") + 2);
        String unsigned = """
                DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
                 d=football.example.com; i=@football.example.com;
                 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
                 subject : date : message-id : from : subject : date;
                 bh=%s;
                 b=""".formatted(BODY_HASH).replace("\n", "\r\n");
        String signed = DkimSigner.fields(header).stream()
                        .map(field -> DkimSigner.relaxed(field) + "\r\n")
                        .collect(Collectors.joining())
                + DkimSigner.relaxed(unsigned);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(exampleKey());
        signature.update(sha256(signed));
        assertThat(Base64.getEncoder().encodeToString(signature.sign()))
                .isEqualTo("/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
        assertThat(sign(exampleKey(), MAIL)).contains("a=ed25519-sha256;", " bh=" + BODY_HASH + ";");
    }

    @Test
    void white_space_that_servers_change_does_not_matter() throws Exception {
        KeyPair keys = rsa(2048);
        String signature = sign(keys.getPrivate(), MAIL);
        assertThat(isValid(signature + MAIL, keys.getPublic())).isTrue();
        assertThat(isValid(signature + MAIL.replace("yet?", "yet? \t") + "\r\n\r\n", keys.getPublic()))
                .isTrue();
        assertThat(isValid(signature + MAIL.replace("Suzie Q <", "Suzie  Q\r\n\t<"), keys.getPublic()))
                .isTrue();
    }

    @Test
    void a_changed_mail_has_no_valid_signature() throws Exception {
        KeyPair keys = rsa(2048);
        String signature = sign(keys.getPrivate(), MAIL);
        for (String changed : List.of(
                MAIL.replace("lost", "won"),
                MAIL.replace("dinner", "lunch"),
                "Subject: Another one\r\n" + MAIL,
                "From: eve@evil.example\r\n" + MAIL)) {
            assertThat(isValid(signature + changed, keys.getPublic())).isFalse();
        }
    }

    @Test
    void mails_are_signed_with_each_key_of_the_settings(@TempDir Path directory) throws Exception {
        KeyPair rsa = rsa(2048);
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path first = pem(directory.resolve("rsa.pem"), rsa.getPrivate());
        Path second = pem(directory.resolve("ed.pem"), edwards.getPrivate());
        DkimSigners signers = DkimSigners.of("no-reply@bücher.example", "2030r=" + first + ", 2030e=" + second);
        StaticMessageSource texts = new StaticMessageSource();
        texts.setUseCodeAsDefaultMessage(true);
        MailComposer composer = new MailComposer(
                texts,
                petition -> Optional.of(new PetitionFacts("Any", "en", new Milestones(List.of(), 100))),
                "no-reply@bücher.example",
                signers);
        String link = "https://sign.example/any?token=a=b";
        MailData reader = new MailData(
                "Zoë  ", "ada@sign.example", "ar", new MailLinks(link, link, link, link, link, link, link), null);
        Delivery delivery = new Delivery(
                UUID.randomUUID(),
                DeliveryKind.UPDATE,
                new Recipient.SignerRecipient(UUID.randomUUID(), 1),
                Delivery.Content.of("any"),
                Optional.empty(),
                Optional.empty());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        composer.compose(Session.getInstance(new Properties()), delivery, reader)
                .orElseThrow()
                .writeTo(bytes);
        String mail = bytes.toString(StandardCharsets.ISO_8859_1);
        assertThat(mail).startsWith("DKIM-Signature: v=1; a=rsa-sha256;").contains("d=xn--bcher-kva.example;");
        assertThat(mail.lines().allMatch(line -> line.length() < 100)).isTrue();
        int next = mail.indexOf("DKIM-Signature:", 1);
        assertThat(isValid(mail, rsa.getPublic())).isTrue();
        assertThat(isValid(mail.substring(next), edwards.getPublic())).isTrue();
        assertThat(tags(mail).get("h").replaceAll("\\s", ""))
                .contains("from:from:", "list-unsubscribe:list-unsubscribe-post");
    }

    @Test
    void unsuitable_keys_are_refused_without_showing_them(@TempDir Path directory) throws Exception {
        Path weak = pem(directory.resolve("weak.pem"), rsa(1024).getPrivate());
        Path text = Files.writeString(directory.resolve("text.pem"), "confidential");
        for (String setting :
                List.of("2030=" + weak, "2030=" + text, "2030=" + directory.resolve("none"), "=x", "a b=x")) {
            assertThatThrownBy(() -> DkimSigners.of("no-reply@sign.example", setting))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("confidential");
        }
        byte[] unsigned = MAIL.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(DkimSigners.of("no-reply@sign.example", "").sign(unsigned, Instant.EPOCH))
                .isSameAs(unsigned);
    }

    private static Path pem(Path file, PrivateKey key) throws Exception {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key.getEncoded());
        return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    /** The tags of the signature at the beginning of a mail. */
    private static Map<String, String> tags(String mail) {
        String field = DkimSigner.fields(mail.substring(0, mail.indexOf("\r\n\r\n") + 2))
                .get(0);
        return Stream.of(field.substring(field.indexOf(':') + 1).split(";"))
                .map(tag -> tag.strip().split("=", 2))
                .collect(Collectors.toMap(tag -> tag[0], tag -> tag[1]));
    }

    /** Verifies the signature at the beginning of a mail as a receiver does (RFC 6376, section 6.1.3). */
    private static boolean isValid(String mail, PublicKey key) throws Exception {
        Map<String, String> tags = tags(mail);
        int end = mail.indexOf("\r\n\r\n");
        String body = DkimSigner.relaxedBody(mail.substring(end + 4));
        if (!Base64.getEncoder().encodeToString(sha256(body)).equals(tags.get("bh"))) {
            return false;
        }
        List<String> fields = new ArrayList<>(DkimSigner.fields(mail.substring(0, end + 2)));
        String own = fields.remove(0);
        StringBuilder signed = new StringBuilder();
        for (String name : tags.get("h").replaceAll("\\s", "").split(":")) {
            // The last one of several fields comes first.
            for (int i = fields.size() - 1; i >= 0; i--) {
                if (DkimSigner.name(fields.get(i)).equals(name)) {
                    signed.append(DkimSigner.relaxed(fields.remove(i))).append("\r\n");
                    break;
                }
            }
        }
        signed.append(DkimSigner.relaxed(own.substring(0, own.lastIndexOf(" b=") + 3)));
        boolean rsa = key.getAlgorithm().equals("RSA");
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
        signature.initVerify(key);
        signature.update(rsa ? signed.toString().getBytes(StandardCharsets.ISO_8859_1) : sha256(signed.toString()));
        return signature.verify(Base64.getMimeDecoder().decode(tags.get("b")));
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
