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
import org.countersign.transparency.LogProof;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.PetitionText;
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
            "A valid receipt proves that the log contained its entries when the head of the log was signed.",
            "The command shows the text that was signed. It also verifies a proof of one entry (C2SP tlog-proof).",
            "Exit status 0 if the receipt is valid."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ReceiptCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROOF = "c2sp.org/tlog-proof@";
    private static final String PUBLISHED = "PetitionPublished";
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
            String text = Files.readString(file);
            lines = text.startsWith(PROOF) ? check(LogProof.parse(text)) : check(JSON.readTree(text));
        } catch (IOException e) {
            throw new UserException("The receipt " + file + " cannot be read.");
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UserException("The receipt is invalid: " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        return 0;
    }

    /** Verifies the proof of one entry. */
    private List<String> check(LogProof proof) {
        if (key == null) {
            throw new UserException("A proof of one entry holds no key. Give the key of the log with --key.");
        }
        LogKey trusted = LogKey.parse(key);
        require(proof.isValid(trusted), "the entry is not under a head that " + trusted.name() + " has signed");
        JsonNode entry = JSON.readTree(proof.entry());
        requireIndex(entry, proof.index() + 1);
        List<String> lines = new ArrayList<>(List.of(describe(entry)));
        if (entry.path("type").asString("").equals(PUBLISHED)) {
            lines.addAll(signedText(AuditedPetition.text(entry)));
        }
        lines.add(contained(trusted, Checkpoint.parse(proof.checkpoint().text())));
        return lines;
    }

    /** Verifies the receipt and describes what it proves, one line for each entry, and the text that was signed. */
    private List<String> check(JsonNode receipt) {
        LogKey trusted = LogKey.parse(key == null ? receipt.path("key").asString("") : key);
        SignedNote note = SignedNote.parse(receipt.path("checkpoint").asString(""));
        require(note.isSignedBy(trusted), "the head is not signed by " + trusted.name());
        Checkpoint head = Checkpoint.parse(note.text());
        JsonNode published = entryUnder(head, receipt.path("petition"));
        require(published.path("type").asString("").equals(PUBLISHED), "the entry of the petition is missing");
        PetitionText text = AuditedPetition.text(published);
        require(
                text.fingerprint().equals(published.path("text").asString("")),
                "the log names another fingerprint of the petition");
        List<String> lines = new ArrayList<>();
        for (JsonNode item : receipt.path("entries")) {
            JsonNode entry = entryUnder(head, item);
            long index = entry.path("index").asLong();
            require(
                    entry.path("petition").equals(published.path("petition")),
                    "entry " + index + " is of another petition");
            require(
                    text.fingerprint().equals(entry.path("text").asString("")),
                    "entry " + index + " is for another text");
            requireCommitment(item.path("commitment"), entry, "commitment");
            requireCommitment(item.path("signed"), entry, "signed");
            lines.add(describe(entry) + name(entry, item.path("signed")));
        }
        require(!lines.isEmpty(), "there are no entries");
        lines.addAll(signedText(text));
        lines.add(contained(trusted, head));
        return lines;
    }

    private static JsonNode entryUnder(Checkpoint head, JsonNode item) {
        byte[] leaf = utf8(item.path("entry"));
        JsonNode entry = JSON.readTree(leaf);
        long index = entry.path("index").asLong();
        requireIndex(entry, item.path("index").asLong());
        List<byte[]> proof = new ArrayList<>();
        item.path("proof").forEach(hash -> proof.add(Base64.getDecoder().decode(hash.asString(""))));
        require(
                Arrays.equals(Merkle.rootOf(index - 1, head.size(), Merkle.leafHash(leaf), proof), head.root()),
                "entry " + index + " is not in the tree of the head");
        return entry;
    }

    private static void requireIndex(JsonNode entry, long index) {
        require(entry.path("index").asLong() == index, "entry " + index + " has another index");
    }

    /** Verifies what the receipt reveals of a commitment. A receipt for the public reveals nothing. */
    private static void requireCommitment(JsonNode revealed, JsonNode entry, String field) {
        if (revealed.isMissingNode()) {
            return;
        }
        byte[] salt = HexFormat.of().parseHex(revealed.path("salt").asString(""));
        String hash = HexFormat.of().formatHex(Merkle.sha256(salt, utf8(revealed.path("data"))));
        require(
                hash.equals(entry.path(field).asString("")),
                "the log has a commitment to other data of entry "
                        + entry.path("index").asLong());
    }

    private static String describe(JsonNode entry) {
        return "Entry %d, %s, %s, of the petition %s"
                .formatted(
                        entry.path("index").asLong(),
                        entry.path("time").asString(""),
                        entry.path("type").asString(""),
                        entry.path("petition").asString(""));
    }

    private static List<String> signedText(PetitionText text) {
        return List.of(
                "The text that was signed, with the fingerprint " + text.fingerprint() + ":",
                printable(text.title()),
                "To: " + printable(String.join(", ", text.recipients())) + ". Goal: " + text.goal() + ".",
                printable(text.statement()));
    }

    /** Removes control characters. A receipt may come from anybody, and terminals obey them. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
    }

    private String contained(LogKey trusted, Checkpoint head) {
        return "The log of " + trusted.name()
                + " contained all of this when it had %,d entries%s."
                        .formatted(head.size(), key == null ? ", according to the key in the receipt" : "");
    }

    /**
     * Decrypts the signer's personal data: a tag of 32 bytes, then AES-256-CTR. The tag is the HMAC-SHA-256 of the
     * signature's id and the encrypted data. Both keys are HMACs of a byte under the opening. The tag commits to the
     * opening, so that the data has no other meaning under another one.
     */
    private static String name(JsonNode entry, JsonNode signed) {
        if (!signed.hasNonNull("opening")) {
            return "";
        }
        JsonNode data = JSON.readTree(utf8(signed.path("data")));
        byte[] sealed = Base64.getDecoder().decode(data.path("sealed").asString(""));
        byte[] opening = Base64.getDecoder().decode(signed.path("opening").asString(""));
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
            String name = JSON.readTree(cipher.doFinal(encrypted)).path("n").asString("");
            return ", in the name of " + printable(name);
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
