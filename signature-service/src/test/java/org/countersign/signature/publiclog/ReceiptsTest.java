package org.countersign.signature.publiclog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.LogProof;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.PetitionText;
import org.countersign.transparency.SignedNote;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReceiptsTest extends RunningService {

    private static final String COMMENT = "For my grandmother.";

    private String confirmedSigner(String petition, String email) {
        return signAndConfirm(
                        petition, Map.of("name", "Renate Receipt", "email", email, "country", "NL", "comment", COMMENT))
                .myDataToken();
    }

    private HttpProbe.Response receipt(String token, String parameters) {
        return get("/api/signatures/receipt?token=" + token + parameters);
    }

    /** Returns the receipt when the public log holds the signature. */
    private HttpProbe.Response awaitReceipt(String token, String parameters) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> receipt(token, parameters).status() == 200);
        return receipt(token, parameters);
    }

    private static JsonNode entry(JsonNode item) {
        return JSON.readTree(item.get("entry").asString());
    }

    private void assertIsUnderHead(JsonNode receipt, JsonNode item) {
        SignedNote note = SignedNote.parse(receipt.get("checkpoint").asString());
        assertThat(note.isSignedBy(LogKey.parse(get("/log/key").body()))).isTrue();
        Checkpoint head = Checkpoint.parse(note.text());
        byte[] leaf = item.get("entry").asString().getBytes(StandardCharsets.UTF_8);
        List<byte[]> proof = new ArrayList<>();
        item.get("proof").forEach(hash -> proof.add(Base64.getDecoder().decode(hash.asString())));
        assertThat(entry(item).get("index").asLong())
                .isEqualTo(item.get("index").asLong());
        assertThat(Merkle.rootOf(item.get("index").asLong() - 1, head.size(), Merkle.leafHash(leaf), proof))
                .isEqualTo(head.root());
    }

    private static void assertCommits(JsonNode item, String commitment, String revealed) {
        JsonNode shown = item.get(revealed);
        assertThat(entry(item).get(commitment).asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(Merkle.sha256(
                                HexFormat.of().parseHex(shown.get("salt").asString()),
                                shown.get("data").asString().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void a_receipt_proves_the_name_the_signing_and_the_text_that_was_signed() {
        String petition = publishedPetition();
        String token = confirmedSigner(petition, "renate@receipt.example");
        JsonNode receipt = awaitReceipt(token, "").json();
        assertThat(receipt.get("entries")).hasSize(1);
        JsonNode verified = receipt.get("entries").get(0);
        assertIsUnderHead(receipt, verified);
        assertCommits(verified, "commitment", "commitment");
        assertCommits(verified, "signed", "signed");
        assertThat(verified.get("signed").has("opening")).isTrue();
        assertThat(verified.get("commitment").has("opening")).isFalse();

        assertIsUnderHead(receipt, receipt.get("petition"));
        JsonNode published = entry(receipt.get("petition"));
        PetitionText shown = new PetitionText(
                published.get("title").asString(),
                published.get("statement").asString(),
                List.of(published.get("recipients").get(0).asString()),
                published.get("goal").asLong(),
                published.get("language").asString());
        assertThat(shown.statement()).isEqualTo("Please put a *bench* there.");
        assertThat(entry(verified).get("text").asString()).isEqualTo(shown.fingerprint());
    }

    @Test
    void a_receipt_for_the_public_discloses_no_name_comment_salt_or_data() {
        String petition = publishedPetition();
        String token = confirmedSigner(petition, "posted@receipt.example");
        HttpProbe.Response response = awaitReceipt(token, "&reveal=no");
        JsonNode receipt = response.json();
        JsonNode verified = receipt.get("entries").get(0);
        assertIsUnderHead(receipt, verified);
        assertIsUnderHead(receipt, receipt.get("petition"));
        assertThat(verified.propertyNames()).containsExactlyInAnyOrder("index", "entry", "proof");
        assertThat(response.body()).doesNotContain("salt", "opening", "data", "sealed", "country", "Renate");
        assertThat(receipt(token, "&reveal=NO").body()).doesNotContain("salt");
        for (String mistake : List.of("false", "none", "0", "")) {
            HttpProbe.Response refused = receipt(token, "&reveal=" + mistake);
            assertThat(refused.status()).as(mistake).isEqualTo(422);
        }
    }

    @Test
    void each_entry_comes_as_a_proof_that_needs_only_the_key() {
        String petition = publishedPetition();
        String token = confirmedSigner(petition, "proof@receipt.example");
        JsonNode receipt = awaitReceipt(token, "").json();
        LogKey key = LogKey.parse(get("/log/key").body());
        List<Long> positions = List.of(
                receipt.get("petition").get("index").asLong(),
                receipt.get("entries").get(0).get("index").asLong());
        for (long position : positions) {
            HttpProbe.Response response = receipt(token, "&format=tlog-proof&index=" + position);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(response.body()).startsWith("c2sp.org/tlog-proof@v1\nextra ");
            LogProof proof = LogProof.parse(response.body());
            assertThat(proof.isValid(key)).isTrue();
            assertThat(proof.index()).isEqualTo(position - 1);
            assertThat(JSON.readTree(proof.entry()).get("petition").asString()).isEqualTo(petition);
        }
        assertThat(LogProof.parse(receipt(token, "&format=tlog-proof").body()).index())
                .as("the newest entry of the signature")
                .isEqualTo(positions.get(1) - 1);
        assertThat(receipt(token, "&format=tlog-proof&index=" + (positions.get(0) + 1_000_000))
                        .status())
                .isEqualTo(404);
        assertThat(receipt(token, "&format=pdf").status()).isEqualTo(422);
        assertThat(receipt(token, "&format=tlog-proof&index=first").status()).isBetween(400, 422);
    }

    @Test
    void a_receipt_shows_no_index_of_the_event_log() {
        String petition = publishedPetition();
        for (int i = 0; i < 5; i++) {
            sign(petition, "pending-" + i + "@receipt.example");
        }
        String token = confirmedSigner(petition, "index@receipt.example");
        JsonNode receipt = awaitReceipt(token, "").json();
        long index = receipt.get("entries").get(0).get("index").asLong();
        assertThat(index).isEqualTo(receipt.get("petition").get("index").asLong() + 1);
    }

    @Test
    void a_signature_that_was_never_confirmed_has_no_receipt() {
        String petition = publishedPetition();
        sign(petition, "pending@receipt.example");
        String pending = mailData(onlySignature(petition), 1).myDataToken();
        String confirmed = confirmedSigner(petition, "confirmed@receipt.example");
        awaitReceipt(confirmed, "");
        assertThat(receipt(pending, "").status()).isEqualTo(404);
        assertThat(receipt(pending, "&format=tlog-proof").status()).isEqualTo(404);
        assertThat(receipt(pending, "").body()).contains("not in the public log yet");
    }

    @Test
    void a_receipt_after_an_erasure_still_proves_but_names_nobody() {
        String petition = publishedPetition();
        String token = confirmedSigner(petition, "erased@receipt.example");
        JsonNode before = awaitReceipt(token, "").json();
        assertThat(withToken("erase", token).status()).isEqualTo(200);
        JsonNode after = receipt(token, "").json();
        JsonNode verified = after.get("entries").get(0);
        assertThat(verified.get("entry")).isEqualTo(before.get("entries").get(0).get("entry"));
        assertIsUnderHead(after, verified);
        assertCommits(verified, "signed", "signed");
        assertThat(verified.get("signed").has("opening")).isFalse();
    }
}
