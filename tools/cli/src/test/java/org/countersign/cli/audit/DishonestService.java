package org.countersign.cli.audit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A service whose operator holds the log's key, and signs, counts and shows what a test tells it to. */
final class DishonestService implements AutoCloseable {

    static final String PETITION = "bench";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HASH = "ab".repeat(32);

    final LogKey key = LogKey.signing("log.example/log", new byte[32]);
    final List<ObjectNode> entries = new ArrayList<>();
    final ObjectNode counts = JSON.createObjectNode();
    final ObjectNode shown = JSON.createObjectNode();
    private final HttpServer server;

    DishonestService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    PublicLogClient client() {
        return new PublicLogClient(url() + "/log", url());
    }

    private static ObjectNode text() {
        ObjectNode text = JSON.createObjectNode();
        text.put("title", "A bench");
        text.put("statement", "Put it there.");
        text.putArray("recipients").add("The council");
        text.put("goal", 2);
        text.put("language", "en");
        return text;
    }

    /** Logs, counts and shows a petition honestly. */
    DishonestService published() {
        ObjectNode entry = entry("PetitionPublished", null);
        entry.setAll(text());
        ((ObjectNode) entry).putArray("milestones");
        entry.put("text", AuditedPetition.text(entry).fingerprint());
        entry.put("commitment", HASH);
        shown.setAll(text());
        counts.put("verified", 0).put("goal", 2).put("lastMilestone", 0).put("nextMilestone", 2);
        return counted();
    }

    /** Logs and counts an event of a signature honestly. */
    DishonestService signature(String type, int signer, String was, String becomes) {
        ObjectNode entry = entry(type, new UUID(0, signer).toString());
        entry.put("was", was);
        entry.put("becomes", becomes);
        entry.put("text", AuditedPetition.text(text()).fingerprint());
        entry.put("commitment", HASH);
        if (becomes.equals("verified")) {
            entry.put("signed", HASH);
        }
        long verified = counts.get("verified").asLong();
        counts.put("verified", verified + (becomes.equals("verified") ? 1 : 0) - (was.equals("verified") ? 1 : 0));
        return counted();
    }

    DishonestService verified(int signer) {
        return signature("SignatureVerified", signer, "none", "verified");
    }

    /** Logs and counts a milestone. */
    DishonestService milestone(long threshold) {
        entry("MilestoneReached", null).put("threshold", threshold);
        counts.put("lastMilestone", threshold).put("nextMilestone", threshold == 2 ? 10 : threshold + 40);
        return counted();
    }

    private DishonestService counted() {
        counts.put("position", entries.size());
        return this;
    }

    private ObjectNode entry(String type, String signature) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("index", entries.size() + 1);
        entry.put("type", type);
        entry.put("petition", PETITION);
        entry.put("signature", signature);
        entry.put("time", "2030-05-01T12:%02d:00Z".formatted(entries.size()));
        entries.add(entry);
        return entry;
    }

    ObjectNode last() {
        return entries.get(entries.size() - 1);
    }

    TreeBuilder tree() {
        TreeBuilder tree = new TreeBuilder();
        entries.forEach(entry -> tree.append(Merkle.leafHash(bytes(entry))));
        return tree;
    }

    SignedNote head() {
        return SignedNote.sign(new Checkpoint(key.name(), entries.size(), tree().root()).text(), key);
    }

    static byte[] bytes(ObjectNode entry) {
        return entry.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, byte[]> answers = new LinkedHashMap<>();
        answers.put("/log/key", key.toString().getBytes(StandardCharsets.UTF_8));
        answers.put("/log/checkpoint", head().toString().getBytes(StandardCharsets.UTF_8));
        answers.put("/log/tile/" + new Tile(0, 0, entries.size()).entriesPath(), bundle());
        answers.put("/api/petitions/" + PETITION + "/counts", bytes(counts));
        if (!shown.isEmpty()) {
            answers.put("/api/petitions/" + PETITION, bytes(shown));
        }
        byte[] body = answers.get(exchange.getRequestURI().getPath());
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
        if (body != null) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private byte[] bundle() {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (ObjectNode entry : entries) {
            byte[] bytes = bytes(entry);
            bundle.write(bytes.length >> 8);
            bundle.write(bytes.length);
            bundle.writeBytes(bytes);
        }
        return bundle.toByteArray();
    }

    static ArrayNode array() {
        return JSON.createArrayNode();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
