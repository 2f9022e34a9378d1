package org.countersign.signature.publiclog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.countersign.signature.RunningService;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeReader;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class TransparencyLogTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Autowired
    private LeafEncoder leaves;

    private Checkpoint head() {
        SignedNote note = SignedNote.parse(get("/log/checkpoint").body());
        assertThat(note.isSignedBy(LogKey.parse(get("/log/key").body()))).isTrue();
        return Checkpoint.parse(note.text());
    }

    /** Returns the signed head when it covers all events. */
    private Checkpoint headOfAllEvents() {
        long last = database.sql("select last_index from log_head")
                .query(Long.class)
                .single();
        await().atMost(TIMEOUT).until(() -> get("/log/checkpoint").status() == 200 && head().size() >= last);
        return head();
    }

    private byte[] bytes(String path) {
        try {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return response.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<byte[]> entries(Checkpoint head) {
        List<byte[]> entries = new ArrayList<>();
        for (long first = 0; first < head.size(); first += Tile.FULL) {
            Tile tile = new Tile(0, first / Tile.FULL, (int) Math.min(Tile.FULL, head.size() - first));
            ByteBuffer bundle = ByteBuffer.wrap(bytes("/log/tile/" + tile.entriesPath()));
            while (bundle.hasRemaining()) {
                byte[] entry = new byte[Short.toUnsignedInt(bundle.getShort())];
                bundle.get(entry);
                entries.add(entry);
            }
        }
        return entries;
    }

    @Test
    void every_event_is_a_leaf_with_its_status_change_and_no_personal_data() {
        String petition = publishedPetition();
        sign(petition, "sona.leaf@example.org");
        String signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        Checkpoint head = headOfAllEvents();
        List<byte[]> entries = entries(head);
        assertThat(entries).hasSize((int) head.size());

        List<JsonNode> ofPetition = entries.stream()
                .map(entry -> JSON.readTree(entry))
                .filter(entry -> entry.get("petition").asString().equals(petition))
                .toList();
        assertThat(ofPetition)
                .extracting(entry -> entry.get("type").asString())
                .containsExactly("PetitionPublished", "PetitionSigned", "SignatureVerified");
        assertThat(ofPetition.get(0).get("signature").isNull()).isTrue();
        assertThat(ofPetition.get(2).propertyNames())
                .containsExactly("index", "type", "petition", "signature", "time", "was", "becomes", "commitment");
        assertThat(ofPetition.get(2).get("signature").asString()).isEqualTo(signature);
        assertThat(ofPetition.get(2).get("was").asString()).isEqualTo("pending");
        assertThat(ofPetition.get(2).get("becomes").asString()).isEqualTo("verified");
        for (byte[] entry : entries) {
            assertThat(new String(entry, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT))
                    .doesNotContain("sona", "example.org", "olga", "sealed", "country");
        }
        long index = ofPetition.get(1).get("index").asLong();
        byte[] data = database.sql("select data from event where global_index = ?")
                .param(index)
                .query(byte[].class)
                .single();
        assertThat(ofPetition.get(1).get("commitment").asString())
                .isEqualTo(HexFormat.of().formatHex(Merkle.sha256(leaves.salt(index), data)));
    }

    @Test
    void tiles_prove_inclusion_and_consistency() {
        String petition = publishedPetition();
        Checkpoint earlier = headOfAllEvents();
        for (int i = 0; i < 300; i++) {
            sign(petition, "signer-" + i + "@tiles.example");
        }
        Checkpoint head = headOfAllEvents();
        assertThat(head.size()).isGreaterThan(256);
        TreeReader tree = new TreeReader(head.size(), tile -> bytes("/log/tile/" + tile.path()));
        assertThat(tree.root()).isEqualTo(head.root());
        List<byte[]> entries = entries(head);
        // Other tests change the time of earlier events. Their leaves no longer match.
        for (int index : new int[] {(int) earlier.size(), (int) earlier.size() + 100, entries.size() - 1}) {
            assertThat(Merkle.rootOf(index, head.size(), Merkle.leafHash(entries.get(index)), tree.inclusion(index)))
                    .isEqualTo(head.root());
        }
        assertThat(Merkle.isConsistent(
                        earlier.size(), earlier.root(), head.size(), head.root(), tree.consistency(earlier.size())))
                .isTrue();
        TreeReader before = new TreeReader(earlier.size(), tile -> bytes("/log/tile/" + tile.path()));
        assertThat(before.root())
                .as("a tile that has grown still serves its earlier part")
                .isEqualTo(earlier.root());
    }

    @Test
    void a_missing_tile_is_not_found() {
        headOfAllEvents();
        for (String path : List.of("0/999", "9/000", "entries/999", "0/000.p/256", "0/0", "etc/passwd", "")) {
            assertThat(get("/log/tile/" + path).status()).as(path).isEqualTo(404);
        }
        assertThat(get("/log/checkpoint").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).isEqualToIgnoringCase("text/plain;charset=utf-8"));
    }
}
