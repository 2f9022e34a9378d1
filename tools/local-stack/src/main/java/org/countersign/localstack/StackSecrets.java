package org.countersign.localstack;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;

/**
 * The keys and passwords the parts of the stack need among themselves: made on the first start, kept in a file only its
 * owner can read. With another file the data beside it is worth nothing.
 */
final class StackSecrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Properties values = new Properties();

    private StackSecrets(Path file) {
        this.file = file;
    }

    static StackSecrets in(Path data) {
        StackSecrets secrets = new StackSecrets(data.resolve("secrets.properties"));
        if (Files.exists(secrets.file)) {
            try (Reader reader = Files.newBufferedReader(secrets.file)) {
                secrets.values.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("the keys can't be read", e);
            }
        }
        return secrets;
    }

    /** A 256-bit key in Base64. */
    String key(String name) {
        return get(name, 32, Base64.getEncoder());
    }

    /** A password of letters and digits. */
    String password(String name) {
        return get(name, 24, Base64.getUrlEncoder().withoutPadding());
    }

    private String get(String name, int bytes, Base64.Encoder encoder) {
        if (!values.containsKey(name)) {
            values.setProperty(name, random(bytes, encoder));
            store();
        }
        return values.getProperty(name);
    }

    /** A password that is kept nowhere. */
    static String freshPassword() {
        return random(15, Base64.getUrlEncoder().withoutPadding());
    }

    private static String random(int bytes, Base64.Encoder encoder) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return encoder.encodeToString(random);
    }

    private void store() {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            StringWriter text = new StringWriter();
            values.store(text, "Made by countersign up. Whoever has this file can read the data beside it.");
            Files.writeString(file, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("the keys can't be stored", e);
        }
    }
}
