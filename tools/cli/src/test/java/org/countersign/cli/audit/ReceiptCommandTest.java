package org.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.countersign.localstack.client.UserException;
import org.countersign.transparency.LogProof;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.TreeBuilder;
import org.countersign.transparency.TreeReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReceiptCommandTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] SALT = new byte[32];
    private static final String DATA = "{\"round\":1}";

    @TempDir
    private Path directory;

    private DishonestService service;

    /** The result of a command: its exit status and what it printed. */
    private record Result(int status, String output) {}

    @BeforeEach
    void log() throws IOException {
        service = new DishonestService().published().verified(1);
        String commitment = HexFormat.of().formatHex(Merkle.sha256(SALT, DATA.getBytes(StandardCharsets.UTF_8)));
        service.last().put("commitment", commitment).put("signed", commitment);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Result check(String text, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("receipt"), text);
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new ReceiptCommand()).setOut(new PrintWriter(out, true));
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            assertThat(e).isInstanceOf(UserException.class);
            out.write(e.getMessage());
            return 1;
        });
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.add(file.toString());
        return new Result(command.execute(arguments.toArray(String[]::new)), out.toString());
    }

    private TreeReader tree() {
        TreeBuilder tree = service.tree();
        Map<String, byte[]> tiles = new HashMap<>();
        tree.takeChanged().forEach((tile, hashes) -> tiles.put(tile.path(), hashes));
        return new TreeReader(tree.size(), tile -> tiles.get(tile.path()));
    }

    private ObjectNode item(int index, boolean reveal) {
        ObjectNode item = JSON.createObjectNode();
        item.put("index", index + 1);
        item.put("entry", service.entries.get(index).toString());
        tree().inclusion(index)
                .forEach(hash -> item.withArray("proof").add(Base64.getEncoder().encodeToString(hash)));
        if (reveal) {
            for (String field : List.of("commitment", "signed")) {
                item.putObject(field)
                        .put("salt", HexFormat.of().formatHex(SALT))
                        .put("data", DATA);
            }
        }
        return item;
    }

    private String receipt(boolean reveal) {
        ObjectNode receipt = JSON.createObjectNode();
        receipt.put("key", service.key.toString());
        receipt.put("checkpoint", service.head().toString());
        receipt.set("petition", item(0, false));
        receipt.putArray("entries").add(item(1, reveal));
        return receipt.toString();
    }

    @Test
    void a_receipt_shows_the_very_text_that_was_signed() throws IOException {
        for (boolean reveal : List.of(true, false)) {
            Result result = check(receipt(reveal), "--key", service.key.toString());
            assertThat(result.output())
                    .contains(
                            "SignatureVerified, of the petition bench",
                            "with the fingerprint "
                                    + service.entries.get(0).get("text").asString(),
                            "A bench",
                            "To: The council. Goal: 2.",
                            "Put it there.",
                            "contained all of this when it had 2 entries.");
            assertThat(result.status()).isZero();
        }
    }

    @Test
    void no_letter_of_a_receipt_can_be_changed() throws IOException {
        String receipt = receipt(true);
        for (String changed : List.of(
                receipt.replace("Put it there.", "Put it here."),
                receipt.replace("SignatureVerified", "SignatureWithdrawn"),
                receipt.replace("{\\\"round\\\":1}", "{\\\"round\\\":2}"),
                receipt.replace("\"salt\":\"00", "\"salt\":\"01"),
                receipt.replace("\"index\":2,", "\"index\":1,"),
                receipt.replace("\"petition\":{", "\"another\":{"),
                receipt.replace("log.example/log\\n2", "log.example/log\\n3"),
                receipt.replace("\"entries\":[", "\"entries\":[],\"others\":["),
                "{}",
                "nothing")) {
            assertThat(changed).isNotEqualTo(receipt);
            Result result = check(changed);
            assertThat(result.output()).as(changed).contains("The receipt is invalid");
            assertThat(result.status()).isEqualTo(1);
        }
    }

    @Test
    void a_receipt_for_another_text_than_the_petition_it_shows_is_refused() throws IOException {
        service.last().put("text", "cd".repeat(32));
        assertThat(check(receipt(true)).output()).contains("entry 2 is for another text");
        service.entries.get(0).put("text", "cd".repeat(32));
        assertThat(check(receipt(true)).output()).contains("another fingerprint of the petition");
    }

    @Test
    void a_proof_of_one_entry_is_verified_with_the_key_alone() throws IOException {
        String proof = new LogProof(
                        DishonestService.bytes(service.entries.get(0)), 0, tree().inclusion(0), service.head())
                .toString();
        Result result = check(proof, "--key", service.key.toString());
        assertThat(result.output()).contains("Entry 1", "PetitionPublished", "Put it there.", "when it had 2 entries");
        assertThat(result.status()).isZero();
        assertThat(check(proof).output()).contains("--key");
        assertThat(check(proof.replace("index 0", "index 1"), "--key", service.key.toString())
                        .status())
                .isEqualTo(1);
    }

    @Test
    void a_receipt_cannot_control_the_terminal() throws IOException {
        service = new DishonestService();
        service.published();
        service.entries.get(0).put("title", "\u001b[31mA bench");
        service.entries
                .get(0)
                .put("text", AuditedPetition.text(service.entries.get(0)).fingerprint());
        String proof = new LogProof(
                        DishonestService.bytes(service.entries.get(0)), 0, tree().inclusion(0), service.head())
                .toString();
        assertThat(check(proof, "--key", service.key.toString()).output())
                .contains("A bench")
                .doesNotContain("\u001b");
    }
}
