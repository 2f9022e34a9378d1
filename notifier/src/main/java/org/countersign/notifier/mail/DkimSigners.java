package org.countersign.notifier.mail;

import java.io.IOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signs mails with all DKIM keys of the settings. Without a key, mails are not signed. */
final class DkimSigners {

    /** No signatures. */
    static final DkimSigners NONE = new DkimSigners(List.of());

    private static final Pattern SELECTOR = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final List<DkimSigner> signers;

    private DkimSigners(List<DkimSigner> signers) {
        this.signers = List.copyOf(signers);
    }

    /**
     * Reads the keys.
     *
     * @param from the sender's address, whose domain signs
     * @param setting pairs of selector and file, as in {@code 2030a=/run/secrets/dkim.pem}, separated by commas
     * @throws IllegalArgumentException if a key is missing or unsuitable; the message shows no key
     */
    static DkimSigners of(String from, String setting) {
        String domain = IDN.toASCII(from.substring(from.lastIndexOf('@') + 1));
        List<DkimSigner> signers = new ArrayList<>();
        for (String entry : setting.isBlank() ? new String[0] : setting.strip().split("\\s*,\\s*")) {
            int equals = entry.indexOf('=');
            if (equals < 1 || !SELECTOR.matcher(entry.substring(0, equals)).matches()) {
                throw new IllegalArgumentException(
                        "COUNTERSIGN_MAIL_DKIM_KEYS must have pairs such as 2030a=/run/secrets/dkim.pem");
            }
            signers.add(new DkimSigner(domain, entry.substring(0, equals), key(Path.of(entry.substring(equals + 1)))));
        }
        return new DkimSigners(signers);
    }

    private static PrivateKey key(Path file) {
        try {
            Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            if (pem.find()) {
                byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
                for (String algorithm : List.of("RSA", "Ed25519")) {
                    try {
                        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
                    } catch (InvalidKeySpecException e) {
                        // It may be a key of the other algorithm.
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("The DKIM key file " + file + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA or Ed25519 is missing", e);
        }
        throw new IllegalArgumentException("The DKIM key file " + file
                + " must hold an RSA or Ed25519 key in PEM (PKCS #8), as openssl genpkey writes it");
    }

    /** Returns the mail with a signature of each key before it. */
    byte[] sign(byte[] mail, Instant now) {
        if (signers.isEmpty()) {
            return mail;
        }
        StringBuilder signatures = new StringBuilder();
        signers.forEach(signer -> signatures.append(signer.sign(mail, now)));
        byte[] before = signatures.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] signed = new byte[before.length + mail.length];
        System.arraycopy(before, 0, signed, 0, before.length);
        System.arraycopy(mail, 0, signed, before.length, mail.length);
        return signed;
    }
}
