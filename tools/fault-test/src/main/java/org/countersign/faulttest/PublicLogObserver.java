package org.countersign.faulttest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.countersign.localstack.client.UserException;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.TcpRelay;
import org.countersign.transparency.Checkpoint;
import org.countersign.transparency.Merkle;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.countersign.transparency.TreeBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects the signed heads of the public log from each instance of the signature service, also during faults, and
 * verifies that they all describe the same log.
 */
final class PublicLogObserver implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> instances;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    /** The roots of the heads, by the number of entries. */
    private final NavigableMap<Long, byte[]> heads = new ConcurrentSkipListMap<>();

    private final Set<Long> verified = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private final Map<String, PublicCaseEntries> cases = new HashMap<>();
    private TreeBuilder tree = new TreeBuilder();
    private volatile boolean closed;

    /**
     * What the entries of the public log say about a case.
     *
     * @param opened the number of entries that open it
     * @param counted the number of its signatures that counted then
     * @param removed the number of invalidations that name it
     * @param restored the number of reinstatements that name it
     */
    record PublicCaseEntries(int opened, long counted, int removed, int restored) {

        static final PublicCaseEntries NONE = new PublicCaseEntries(0, 0, 0, 0);

        PublicCaseEntries with(JsonNode entry) {
            return switch (entry.path("type").asString()) {
                case "InvalidationCaseOpened" ->
                    new PublicCaseEntries(opened + 1, entry.path("counted").asLong(), removed, restored);
                case "SignatureInvalidated" -> new PublicCaseEntries(opened, counted, removed + 1, restored);
                default -> new PublicCaseEntries(opened, counted, removed, restored + 1);
            };
        }
    }

    /** @param instances the URLs of the instances */
    PublicLogObserver(List<String> instances) {
        this.instances = instances;
        instances.forEach(instance -> TcpRelay.startDaemon("public-log", () -> collect(instance)));
    }

    private void collect(String instance) {
        try {
            while (!closed) {
                try {
                    addHead(instance);
                } catch (IOException unreachable) {
                    // A fault affects the instance.
                }
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void addHead(String url) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(url + "/log/checkpoint");
        if (response.statusCode() == 200) {
            Checkpoint head = Checkpoint.parse(SignedNote.parse(new String(response.body(), StandardCharsets.UTF_8))
                    .text());
            byte[] before = heads.putIfAbsent(head.size(), head.root());
            if (before != null && !Arrays.equals(before, head.root())) {
                addViolation("two heads of the public log with %,d entries differ: %s and %s"
                        .formatted(head.size(), hex(before), hex(head.root())));
            }
        }
    }

    private HttpResponse<byte[]> get(String url) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /**
     * Reads the entries up to the newest head and verifies all heads so far.
     *
     * @param port the port of the signature service
     * @throws UserException if an instance does not answer
     */
    void readToEnd(int port) {
        String url = Endpoint.loopback(port).url();
        try {
            addHead(url);
            long end = heads.isEmpty() ? 0 : heads.lastKey();
            while (leaves.size() < end) {
                readBundle(url, end);
            }
        } catch (IOException e) {
            throw new UserException("No response from " + url + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        verify();
    }

    private void readBundle(String url, long end) throws IOException, InterruptedException {
        long number = leaves.size() / Tile.FULL;
        int width = (int) Math.min(Tile.FULL, end - number * Tile.FULL);
        String path = "/log/tile/" + new Tile(0, number, width).entriesPath();
        HttpResponse<byte[]> response = get(url + path);
        if (response.statusCode() != 200) {
            throw new UserException(path + " answers " + response.statusCode() + ".");
        }
        ByteBuffer bundle = ByteBuffer.wrap(response.body());
        int before = leaves.size();
        for (long index = number * Tile.FULL; bundle.remaining() > 0; index++) {
            byte[] entry = new byte[Short.toUnsignedInt(bundle.getShort())];
            bundle.get(entry);
            if (index >= leaves.size()) {
                leaves.add(Merkle.leafHash(entry));
                addToCase(new String(entry, StandardCharsets.UTF_8));
            }
        }
        if (leaves.size() == before) {
            throw new UserException(path + " lacks the entry " + before + ".");
        }
    }

    private void addToCase(String entry) {
        if (entry.contains("\"case\":")) {
            JsonNode json = JSON.readTree(entry);
            cases.merge(
                    json.path("case").asString(),
                    PublicCaseEntries.NONE.with(json),
                    (before, first) -> before.with(json));
        }
    }

    /** Returns what the entries that were read say about a case. */
    PublicCaseEntries entriesOf(String invalidationCase) {
        return cases.getOrDefault(invalidationCase, PublicCaseEntries.NONE);
    }

    /** A head that was read late may be smaller than the tree, which then is built again. */
    private void verify() {
        for (Map.Entry<Long, byte[]> head : heads.entrySet()) {
            long size = head.getKey();
            if (size > leaves.size() || !verified.add(size)) {
                continue;
            }
            if (size < tree.size()) {
                tree = new TreeBuilder();
            }
            while (tree.size() < size) {
                tree.append(leaves.get((int) tree.size()));
            }
            if (!Arrays.equals(tree.root(), head.getValue())) {
                addViolation("the entries of the public log do not match its head of %,d entries".formatted(size));
            }
        }
    }

    private synchronized void addViolation(String violation) {
        violations.add(violation);
    }

    /** Returns the contradictions so far. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Returns the number of entries of the newest head. */
    long entries() {
        return leaves.size();
    }

    /** Returns the number of different heads. */
    int heads() {
        return heads.size();
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    @Override
    public void close() {
        closed = true;
    }
}
