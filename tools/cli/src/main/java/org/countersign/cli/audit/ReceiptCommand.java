package org.countersign.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
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
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

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
     * Decrypts the signer's personal data: AES-256-GCM with a leading nonce and the signature's id as associated data.
     */
    private static String name(JsonNode entry, JsonNode data, JsonNode item) {
        byte[] sealed = Base64.getDecoder().decode(data.path("sealed").asString(""));
        UUID signature = UUID.fromString(entry.path("signature").asString(""));
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(
                            Base64.getDecoder().decode(item.path("opening").asString("")), "AES"),
                    new GCMParameterSpec(TAG_BITS, sealed, 0, Math.min(NONCE_BYTES, sealed.length)));
            cipher.updateAAD(ByteBuffer.allocate(16)
                    .putLong(signature.getMostSignificantBits())
                    .putLong(signature.getLeastSignificantBits())
                    .array());
            return JSON.readTree(cipher.doFinal(sealed, NONCE_BYTES, Math.max(0, sealed.length - NONCE_BYTES)))
                    .path("n")
                    .asString("");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the personal data cannot be decrypted", e);
        }
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
