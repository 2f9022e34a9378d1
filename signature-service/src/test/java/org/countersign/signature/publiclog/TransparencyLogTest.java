package org.countersign.signature.publiclog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.signature.eventlog.EventLog;
import org.countersign.signature.eventlog.StoredEvent;
import org.countersign.testkit.HttpProbe;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.PetitionText;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class TransparencyLogTest extends RunningService {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Autowired
    private LeafEncoder leaves;

    @Autowired
    private EventLog log;

    @Autowired
    private LogTree tree;

    private Checkpoint head() {
        SignedNote note = SignedNote.parse(get("/log/checkpoint").body());
        assertThat(note.isSignedBy(LogKey.parse(get("/log/key").body()))).isTrue();
        return Checkpoint.parse(note.text());
    }

    /** Returns the signed head when the tree has read all events. */
    private Checkpoint headOfAllEvents() {
        awaitTree();
        return head();
    }

    private void awaitTree() {
        long last = log.head();
        await().atMost(TIMEOUT)
                .until(() -> database.sql("select event_index from tree_progress")
                                .query(Long.class)
                                .single()
                        >= last);
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

    /** Returns the entries of a petition. */
    private List<JsonNode> entries(String petition) {
        return entries(headOfAllEvents()).stream()
                .map(entry -> JSON.readTree(entry))
                .filter(entry -> entry.get("petition").asString().equals(petition))
                .toList();
    }

    private static List<String> types(List<JsonNode> entries) {
        return entries.stream().map(entry -> entry.get("type").asString()).toList();
    }

    /** Signs and confirms, and returns the signature. */
    private String confirmed(String petition, String email) {
        sign(petition, email);
        String signature = newestSignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        return signature;
    }

    private void moderate(String signature, String action) {
        assertThat(post(
                                "/api/signatures/" + signature + "/" + action,
                                "{\"reason\":\"Signed for somebody else.\"}",
                                as(ORGANISER))
                        .status())
                .isEqualTo(200);
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
    void the_log_holds_what_changes_the_public_and_nothing_else() {
        String petition = publishedPetition();
        sign(petition, "sona.leaf@example.org");
        String signature = onlySignature(petition);
        sign(petition, "SONA.leaf@example.org");
        sign(petition, "pending@leaf.example");
        withToken("verify", mailData(signature, 1).confirmToken());
        sign(petition, "sona.leaf@example.org");
        post("/api/petitions/" + petition + "/close", "", as(ORGANISER));
        post("/api/petitions/" + petition + "/reopen", "", as(ORGANISER));
        List<JsonNode> entries = entries(petition);
        assertThat(types(entries))
                .containsExactly("PetitionPublished", "SignatureVerified", "PetitionClosed", "PetitionReopened");
        JsonNode published = entries.get(0);
        assertThat(published.get("signature").isNull()).isTrue();
        assertThat(published.get("statement").asString()).isEqualTo("Please put a *bench* there.");
        JsonNode verified = entries.get(1);
        assertThat(verified.propertyNames())
                .containsExactly(
                        "index",
                        "type",
                        "petition",
                        "signature",
                        "time",
                        "was",
                        "becomes",
                        "text",
                        "commitment",
                        "signed");
        assertThat(verified.get("signature").asString()).isEqualTo(signature);
        assertThat(verified.get("was").asString()).isEqualTo("none");
        assertThat(verified.get("becomes").asString()).isEqualTo("verified");
        assertThat(verified.get("text").asString())
                .isEqualTo(published.get("text").asString());
        for (JsonNode entry : entries) {
            assertThat(entry.toString().toLowerCase(Locale.ROOT))
                    .doesNotContain("sona", "example.org", "olga", "sealed", "country", "pending");
            assertThat(entry.get("time").asString()).as("to the minute").endsWith(":00Z");
        }
    }

    @Test
    void a_case_is_in_the_log_with_number_and_reason_and_its_entries_name_it() {
        String petition = publishedPetition();
        confirmed(petition, "bot@case.example");
        String single = confirmed(petition, "single@leaf.example");
        sign(petition, "pending@case.example");
        String opened = post(
                        "/api/petitions/" + petition + "/cases",
                        "{\"criteria\":{\"domains\":[\"case.example\"]},\"reason\":\"internal\","
                                + "\"publicReason\":\"A “program’s”\"}",
                        as(ORGANISER))
                .json()
                .get("id")
                .asString();
        awaitCase(opened, "done");
        moderate(single, "invalidate");
        post("/api/cases/" + opened + "/undo", "", as(ORGANISER));
        awaitCase(opened, "undone");
        List<JsonNode> entries = entries(petition);
        assertThat(types(entries))
                .containsExactly(
                        "PetitionPublished",
                        "SignatureVerified",
                        "SignatureVerified",
                        "InvalidationCaseOpened",
                        "SignatureInvalidated",
                        "SignatureInvalidated",
                        "SignatureReinstated");
        JsonNode begun = entries.get(3);
        assertThat(begun.propertyNames())
                .containsExactly(
                        "index", "type", "petition", "signature", "time", "case", "counted", "reason", "commitment");
        assertThat(begun.get("counted").asLong())
                .as("pending signatures are not public")
                .isEqualTo(1);
        assertThat(begun.get("reason").asString()).isEqualTo("A “program’s”");
        assertThat(entries.get(4).get("case").asString()).isEqualTo(opened);
        assertThat(entries.get(5).has("case")).as("a single decision").isFalse();
        assertThat(entries.get(6).get("case").asString()).isEqualTo(opened);
        assertThat(entries.toString()).doesNotContain("internal", "organiser");
    }

    private void awaitCase(String id, String state) {
        await().atMost(TIMEOUT)
                .until(() -> get("/api/cases/" + id, as(ORGANISER))
                        .json()
                        .get("state")
                        .asString()
                        .equals(state));
    }

    @Test
    void an_entry_commits_to_its_event_and_a_verification_to_the_signing_it_confirms() {
        String petition = publishedPetition();
        UUID signature = UUID.fromString(confirmed(petition, "commitment@leaf.example"));
        List<StoredEvent> events = log.stream(signature, 0);
        JsonNode verified = entries(petition).get(1);
        long position = verified.get("index").asLong();
        assertThat(events)
                .extracting(event -> event.type().text())
                .containsExactly("PetitionSigned", "SignatureVerified");
        for (StoredEvent event : events) {
            byte[] salt = leaves.salt(position, event);
            assertThat(salt).hasSize(32);
            assertThat(verified.get(event.sequence() == 0 ? "signed" : "commitment")
                            .asString())
                    .isEqualTo(HexFormat.of().formatHex(Merkle.sha256(salt, event.data())));
        }
        assertThat(leaves.salt(position, events.get(0)))
                .isNotEqualTo(leaves.salt(position, events.get(1)))
                .isNotEqualTo(leaves.salt(position + 1, events.get(0)));
    }

    @Test
    void an_event_that_is_not_public_changes_no_byte_of_the_log() {
        String petition = publishedPetition();
        String known = confirmed(petition, "known@quiet.example");
        String pending = "pending@quiet.example";
        sign(petition, pending);
        Checkpoint before = headOfAllEvents();
        Tile tile = new Tile(0, (before.size() - 1) / Tile.FULL, (int) ((before.size() - 1) % Tile.FULL + 1));
        Tile wider = new Tile(0, before.size() / Tile.FULL, (int) (before.size() % Tile.FULL + 1));
        String checkpoint = get("/log/checkpoint").body();
        byte[] hashes = bytes("/log/tile/" + tile.path());
        byte[] entries = bytes("/log/tile/" + tile.entriesPath());

        for (String address : List.of("new@quiet.example", "known@quiet.example", pending, "newer@quiet.example")) {
            assertThat(sign(petition, address).status()).isEqualTo(202);
        }
        withToken("unsubscribe", mailData(known, 1).unsubscribeToken());
        awaitTree();

        assertThat(get("/log/checkpoint").body()).isEqualTo(checkpoint);
        assertThat(bytes("/log/tile/" + tile.path())).isEqualTo(hashes);
        assertThat(bytes("/log/tile/" + tile.entriesPath())).isEqualTo(entries);
        assertThat(get("/log/tile/" + wider.path()).status()).isEqualTo(404);
        assertThat(get("/log/tile/" + wider.entriesPath()).status()).isEqualTo(404);
    }

    @Test
    void a_milestone_is_an_entry_after_the_one_that_reached_it() {
        String petition = JSON.readTree(post(
                                "/api/petitions",
                                petition("milestone-" + UUID.randomUUID()).replace("\"goal\":100", "\"goal\":2"),
                                as(ORGANISER))
                        .body())
                .get("slug")
                .asString();
        confirmed(petition, "first@milestone.example");
        String second = confirmed(petition, "second@milestone.example");
        moderate(second, "invalidate");
        moderate(second, "reinstate");
        List<JsonNode> entries = entries(petition);
        assertThat(types(entries))
                .as("reached once")
                .containsExactly(
                        "PetitionPublished",
                        "SignatureVerified",
                        "SignatureVerified",
                        "MilestoneReached",
                        "SignatureInvalidated",
                        "SignatureReinstated");
        JsonNode reached = entries.get(3);
        assertThat(reached.propertyNames())
                .containsExactly("index", "type", "petition", "signature", "time", "threshold");
        assertThat(reached.get("threshold").asLong()).isEqualTo(2);
        assertThat(reached.get("signature").isNull()).isTrue();
    }

    @Test
    void each_entry_of_a_signature_begins_where_the_one_before_ended() {
        String petition = publishedPetition();
        String signature = confirmed(petition, "rounds@leaf.example");
        moderate(signature, "invalidate");
        moderate(signature, "reinstate");
        withToken("withdraw", mailData(signature, 1).withdrawToken());
        sign(petition, "rounds@leaf.example");
        await().atMost(TIMEOUT).until(() -> !mailData(signature, 2).data().isNull());
        withToken("verify", mailData(signature, 2).confirmToken());
        // Invalidated and reinstated while pending: neither is public.
        sign(petition, "moderated@leaf.example");
        String moderated = newestSignature(petition);
        moderate(moderated, "invalidate");
        moderate(moderated, "reinstate");
        List<JsonNode> entries = entries(petition);
        assertThat(entries.subList(1, entries.size()))
                .extracting(entry -> entry.get("was").asString() + " to "
                        + entry.get("becomes").asString())
                .containsExactly(
                        "none to verified",
                        "verified to invalidated",
                        "invalidated to verified",
                        "verified to withdrawn",
                        "withdrawn to verified");
        assertThat(entries.subList(1, entries.size()))
                .extracting(entry -> entry.has("signed"))
                .containsExactly(true, false, true, false, true);
    }

    /** The largest petition of characters that take four bytes, or that JSON escapes, has still room in a bundle. */
    @ParameterizedTest
    @ValueSource(strings = {"\ud83c\udf33", "\\", "\"", "\n"})
    void the_largest_petition_fits_an_entry(String character) {
        String statement =
                "x" + character.repeat(Math.min(11_998, 15_500 / (JSON.writeValueAsBytes(character).length - 2))) + "x";
        String slug = "largest-" + UUID.randomUUID();
        HttpProbe.Response published = post(
                "/api/petitions",
                petition(slug).replace("\"Please put a *bench* there.\"", JSON.writeValueAsString(statement)),
                as(ORGANISER));
        assertThat(published.status()).as(published.body()).isEqualTo(201);
        JsonNode entry = entries(slug).get(0);
        assertThat(entry.get("statement").asString()).isEqualTo(statement);
        assertThat(entry.get("text").asString())
                .isEqualTo(new PetitionText(
                                "A bench under the lime tree", statement, List.of("The Town Council"), 100, "en")
                        .fingerprint());
    }

    @Test
    void the_tree_continues_after_a_restart_where_it_ended() {
        String petition = publishedPetition();
        confirmed(petition, "before@restart.example");
        Checkpoint before = headOfAllEvents();
        tree.stop();
        confirmed(petition, "meanwhile@restart.example");
        tree.start();
        confirmed(petition, "after@restart.example");
        assertThat(types(entries(petition)))
                .containsExactly("PetitionPublished", "SignatureVerified", "SignatureVerified", "SignatureVerified");
        Checkpoint after = head();
        TreeReader reader = new TreeReader(after.size(), tile -> bytes("/log/tile/" + tile.path()));
        assertThat(reader.root()).isEqualTo(after.root());
        assertThat(Merkle.isConsistent(
                        before.size(), before.root(), after.size(), after.root(), reader.consistency(before.size())))
                .isTrue();
    }

    @Test
    void tiles_prove_inclusion_and_consistency() {
        String petition = publishedPetition();
        Checkpoint earlier = headOfAllEvents();
        for (int i = 0; i < 300; i++) {
            confirmed(petition, "signer-" + i + "@tiles.example");
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
        // Of some, the number of the first entry is larger than the largest long.
        for (String path : List.of(
                "0/999",
                "9/000",
                "entries/999",
                "entries/x036/x028/x797/x018/x963/968",
                "entries/x999/x999/x999/x999/x999/999",
                "0/000.p/256",
                "0/0",
                "etc/passwd",
                "")) {
            HttpProbe.Response missing = get("/log/tile/" + path);
            assertThat(missing.status()).as(path).isEqualTo(404);
            assertThat(missing.headers().firstValue("Cache-Control").orElse(""))
                    .as(path)
                    .doesNotContain("immutable");
        }
        assertThat(get("/log/checkpoint").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).isEqualToIgnoringCase("text/plain;charset=utf-8"));
    }
}
