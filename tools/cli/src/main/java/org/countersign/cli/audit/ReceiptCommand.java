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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks a signer's receipt; asks nobody. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description =
                "Checks a signer's receipt: that what it says stood in the log when its head was signed. Needs the receipt and the log's key, and "
                        + "no connection. Exit status 0 only if it holds.")
final class ReceiptCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The receipt, as the signer got it.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The log's key as NAME+ID+BASE64, had from somebody you trust; the one in the receipt if it is left out.")
    private String key;

    @Override
    public Integer call() {
        List<String> lines;
        try {
            lines = check(JSON.readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UserException("The receipt " + file + " can't be read.");
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UserException("The receipt does not hold: " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        return 0;
    }

    /** What the receipt proves, in words. */
    private List<String> check(JsonNode receipt) {
        LogKey trusted = LogKey.parse(key == null ? receipt.path("key").asString("") : key);
        SignedNote note = SignedNote.parse(receipt.path("checkpoint").asString(""));
        require(note.isSignedBy(trusted), "its head is not signed by " + trusted.name());
        Checkpoint head = Checkpoint.parse(note.text());
        List<String> lines = new ArrayList<>();
        for (JsonNode item : receipt.path("entries")) {
            lines.add(check(item, head));
        }
        require(!lines.isEmpty(), "it has no entry");
        lines.add("All of it stood in the log of " + trusted.name()
                + (key == null ? ", by the key in the receipt itself," : "") + " when it had "
                + "%,d entries.".formatted(head.size()));
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
                "event " + index + " is not under its head");
        byte[] data = utf8(item.path("data"));
        byte[] commitment =
                Merkle.sha256(HexFormat.of().parseHex(item.path("salt").asString("")), data);
        require(
                HexFormat.of()
                        .formatHex(commitment)
                        .equals(entry.path("commitment").asString("")),
                "the log has committed to other data of event " + index);
        return "Event %d, %s, %s, of the petition %s%s"
                .formatted(
                        index,
                        entry.path("time").asString(),
                        entry.path("type").asString(),
                        entry.path("petition").asString(),
                        item.hasNonNull("opening") ? ", in the name of " + name(entry, JSON.readTree(data), item) : "");
    }

    /** Opens what was sealed when the signer signed: AES-256-GCM, bound to the signature, its nonce in front. */
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
            throw new IllegalArgumentException("what was sealed can't be opened", e);
        }
    }

    private static byte[] utf8(JsonNode text) {
        return text.asString("").getBytes(StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
