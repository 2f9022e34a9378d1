package org.countersign.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Verifies a signer's receipt offline. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = {
            "Verify a signer's receipt offline.",
            "A valid receipt proves that the log contained its events when the head of the log was signed.",
            "Exit status 0 if the receipt is valid."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ReceiptCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int TAG_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final byte[] ENCRYPTION = {1};
    private static final byte[] AUTHENTICATION = {2};

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "File with the receipt, as the signer downloaded it.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Log key as NAME+ID+BASE64, from a source you trust. Default: the key in the receipt.")
    private @Nullable String key;

    @Override
    public Integer call() {
        List<String> lines;
        try {
            lines = check(JSON.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UserException("The receipt " + file + " cannot be read.");
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UserException("The receipt is invalid: " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        return 0;
    }

    /** Verifies the receipt and describes what it proves, one line for each event. */
    private List<String> check(JsonNode receipt) {
        LogKey trusted = LogKey.parse(key == null ? receipt.path("key").asString("") : key);
        SignedNote note = SignedNote.parse(receipt.path("checkpoint").asString(""));
        require(note.isSignedBy(trusted), "the head is not signed by " + trusted.name());
        Checkpoint head = Checkpoint.parse(note.text());
        List<String> lines = new ArrayList<>();
        for (JsonNode item : receipt.path("entries")) {
            lines.add(check(item, head));
        }
        require(!lines.isEmpty(), "there are no entries");
        lines.add("The log of " + trusted.name()
                + " contained all of this when it had %,d entries%s."
                        .formatted(head.size(), key == null ? ", according to the key in the receipt" : ""));
        return lines;
    }

    private static String check(JsonNode item, Checkpoint head) {
        byte[] leaf = utf8(item.path("entry"));
        JsonNode entry = JSON.readTree(leaf);
        long index = entry.path("index").asLong();
        List<byte[]> proof = new ArrayList<>();
        item.path("proof").forEach(hash -> proof.add(Base64.getDecoder().decode(hash.asString(""))));
        require(
                Arrays.equals(Merkle.rootOf(index - 1, head.size(), Merkle.leafHash(leaf), proof), head.root()),
                "event " + index + " is not in the tree of the head");
        byte[] data = utf8(item.path("data"));
        byte[] commitment =
                Merkle.sha256(HexFormat.of().parseHex(item.path("salt").asString("")), data);
        require(
                HexFormat.of()
                        .formatHex(commitment)
                        .equals(entry.path("commitment").asString("")),
                "the log has a commitment to other data of event " + index);
        return "Event %d, %s, %s, of the petition %s%s"
                .formatted(
                        index,
                        entry.path("time").asString(),
                        entry.path("type").asString(),
                        entry.path("petition").asString(),
                        item.hasNonNull("opening") ? ", in the name of " + name(entry, JSON.readTree(data), item) : "");
    }

    /**
     * Decrypts the signer's personal data: a tag of 32 bytes, then AES-256-CTR. The tag is the HMAC-SHA-256 of the
     * signature's id and the encrypted data. Both keys are HMACs of a byte under the opening. The tag commits to the
     * opening, so that the data has no other meaning under another one.
     */
    private static String name(JsonNode entry, JsonNode data, JsonNode item) {
        byte[] sealed = Base64.getDecoder().decode(data.path("sealed").asString(""));
        byte[] opening = Base64.getDecoder().decode(item.path("opening").asString(""));
        require(sealed.length >= TAG_BYTES && opening.length == KEY_BYTES, "the personal data cannot be decrypted");
        byte[] encrypted = Arrays.copyOfRange(sealed, TAG_BYTES, sealed.length);
        UUID signature = UUID.fromString(entry.path("signature").asString(""));
        byte[] stream = ByteBuffer.allocate(16)
                .putLong(signature.getMostSignificantBits())
                .putLong(signature.getLeastSignificantBits())
                .array();
        try {
            byte[] tag = hmac(hmac(opening, AUTHENTICATION), stream, encrypted);
            require(
                    MessageDigest.isEqual(tag, Arrays.copyOf(sealed, TAG_BYTES)),
                    "the personal data does not commit to this opening");
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(hmac(opening, ENCRYPTION), "AES"),
                    new IvParameterSpec(new byte[16]));
            return JSON.readTree(cipher.doFinal(encrypted)).path("n").asString("");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the personal data cannot be decrypted", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static byte[] utf8(JsonNode text) {
        return text.asString("").getBytes(StandardCharsets.UTF_8);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(problem);
        }
    }
}
