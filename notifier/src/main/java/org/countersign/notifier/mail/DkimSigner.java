package org.countersign.notifier.mail;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Signs mails with one key (DKIM, RFC 6376, and RFC 8463 for Ed25519). It uses the relaxed canonicalization of header
 * and body, so that servers on the way may change white space.
 */
final class DkimSigner {

    /**
     * The header fields that are signed if the mail has them. RFC 8058 requires those of List-Unsubscribe. Fields that
     * readers see are named once more than the mail has them, so that nobody can add another one.
     */
    private static final List<String> SIGNED = List.of(
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "content-type",
            "content-language",
            "auto-submitted",
            "list-unsubscribe",
            "list-unsubscribe-post");

    private static final List<String> ALSO_ABSENT = List.of("from", "to", "subject", "date");
    private static final int LINE_LENGTH = 72;
    private static final int MIN_RSA_BITS = 2048;

    private final String domain;
    private final String selector;
    private final PrivateKey key;

    /**
     * Creates a signer.
     *
     * @param domain the domain of the sender's address
     * @param selector the name of the key: its record is {@code selector._domainkey.domain}
     * @param key an RSA key of 2048 bits or more, or an Ed25519 key
     * @throws IllegalArgumentException for any other key
     */
    DkimSigner(String domain, String selector, PrivateKey key) {
        if (key instanceof RSAPrivateKey rsa ? rsa.getModulus().bitLength() < MIN_RSA_BITS : !isEdwards(key)) {
            throw new IllegalArgumentException(
                    "The DKIM key " + selector + " must be an RSA key of 2048 bits or more, or an Ed25519 key");
        }
        this.domain = domain;
        this.selector = selector;
        this.key = key;
    }

    private static boolean isEdwards(PrivateKey key) {
        return key.getAlgorithm().equals("EdDSA") || key.getAlgorithm().equals("Ed25519");
    }

    /**
     * Returns the header field with the signature, which stands before the mail.
     *
     * @param mail the header and the body
     */
    String sign(byte[] mail, Instant now) {
        String text = normalizeLines(new String(mail, StandardCharsets.ISO_8859_1));
        int end = text.indexOf("\r\n\r\n");
        List<String> fields = fields(end < 0 ? text : text.substring(0, end + 2));
        String body = end < 0 ? "" : text.substring(end + 4);
        List<String> names = new ArrayList<>();
        StringBuilder signed = new StringBuilder();
        for (String name : SIGNED) {
            fields.stream()
                    .filter(field -> name(field).equals(name))
                    .findFirst()
                    .ifPresent(field -> {
                        names.add(name);
                        signed.append(relaxed(field)).append("\r\n");
                    });
            if (ALSO_ABSENT.contains(name)) {
                names.add(name);
            }
        }
        String unsigned = "DKIM-Signature: v=1; a=" + (isEdwards(key) ? "ed25519" : "rsa")
                + "-sha256; c=relaxed/relaxed; d=" + domain + ";\r\n s=" + selector + "; t=" + now.getEpochSecond()
                + ";\r\n h=" + String.join(":\r\n  ", names) + ";\r\n bh="
                + base64(sha256(relaxedBody(body).getBytes(StandardCharsets.ISO_8859_1))) + ";\r\n b=";
        signed.append(relaxed(unsigned));
        return unsigned + folded(base64(signature(signed.toString().getBytes(StandardCharsets.ISO_8859_1)))) + "\r\n";
    }

    private static String normalizeLines(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    }

    /** Splits a header into fields, each with its continuation lines. */
    static List<String> fields(String header) {
        List<String> fields = new ArrayList<>();
        for (String line : header.split("\r\n")) {
            boolean continued = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
            if (continued && !fields.isEmpty()) {
                fields.add(fields.remove(fields.size() - 1) + "\r\n" + line);
            } else {
                fields.add(line);
            }
        }
        return fields;
    }

    static String name(String field) {
        return field.substring(0, Math.max(0, field.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
    }

    /** RFC 6376, section 3.4.2. */
    static String relaxed(String field) {
        String value = field.substring(field.indexOf(':') + 1)
                .replace("\r\n", "")
                .replaceAll("[ \t]+", " ")
                .strip();
        return name(field) + ":" + value;
    }

    /** RFC 6376, section 3.4.4. */
    static String relaxedBody(String body) {
        String lines = body.replaceAll("[ \t]+", " ").replace(" \r\n", "\r\n");
        int end = lines.length();
        while (end >= 2 && lines.startsWith("\r\n", end - 2)) {
            end -= 2;
        }
        String text = lines.substring(0, end);
        return text.isEmpty() ? "" : (text.endsWith(" ") ? text.substring(0, text.length() - 1) : text) + "\r\n";
    }

    private byte[] signature(byte[] signed) {
        try {
            // RFC 8463 signs the hash, which Ed25519 hashes again.
            Signature signature = Signature.getInstance(isEdwards(key) ? "Ed25519" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(isEdwards(key) ? sha256(signed) : signed);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot sign with the DKIM key " + selector, e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String folded(String base64) {
        return String.join("\r\n  ", base64.split("(?<=\\G.{" + LINE_LENGTH + "})"));
    }
}
