package org.countersign.signature.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.countersign.events.PetitionSlug;
import org.countersign.support.management.InternalSecret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The counts of all petitions, when the counter answers in order, late, or not at all. */
class VerifiedCountsTest {

    private static final PetitionSlug TREES = new PetitionSlug("trees");
    private static final PetitionSlug BENCH = new PetitionSlug("bench");

    private final List<String> asked = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private HttpServer counter;
    private VerifiedCounts counts;

    @BeforeEach
    void start() throws IOException {
        counter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        counter.createContext("/internal/counts", exchange -> {
            asked.add(exchange.getRequestURI().getQuery());
            String answer = answers.isEmpty() ? "" : answers.remove();
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.isEmpty() ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        counter.start();
        counts = new VerifiedCounts(
                "http://127.0.0.1:" + counter.getAddress().getPort(), new InternalSecret("a secret for this test"));
    }

    @AfterEach
    void stop() {
        counter.stop(0);
    }

    private void refresh(String... given) {
        answers.addAll(List.of(given));
        counts.refresh();
    }

    private static String answer(int generation, int position, boolean more, String... counts) {
        return "{\"generation\":%d,\"position\":%d,\"more\":%s,\"counts\":[%s]}"
                .formatted(generation, position, more, String.join(",", counts));
    }

    private static String count(PetitionSlug petition, int verified, int position) {
        return "{\"petition\":\"%s\",\"verified\":%d,\"position\":%d}".formatted(petition, verified, position);
    }

    @Test
    void only_changes_are_asked_for() {
        refresh(answer(1, 5, true, count(TREES, 3, 5)), answer(1, 9, false, count(BENCH, 4, 9)));
        refresh(answer(1, 12, false, count(TREES, 7, 12)));
        assertThat(asked).containsExactly("generation=-1&after=-1", "generation=1&after=5", "generation=1&after=9");
        assertThat(counts.of(TREES)).hasValue(7);
        assertThat(counts.of(BENCH)).hasValue(4);
    }

    @Test
    void the_last_counts_stay_while_the_counter_is_down() {
        refresh();
        assertThat(counts.isKnown()).isFalse();
        assertThat(counts.of(TREES)).isEmpty();
        refresh(answer(1, 5, false, count(TREES, 3, 5)));
        refresh("no JSON");
        refresh("{}");
        refresh();
        assertThat(counts.isKnown()).isTrue();
        assertThat(counts.of(TREES)).hasValue(3);
        assertThat(asked).last().isEqualTo("generation=1&after=5");
    }

    @Test
    void an_older_answer_of_another_instance_changes_nothing() {
        refresh(answer(1, 5, false, count(TREES, 3, 5)));
        refresh(answer(1, 4, false, count(TREES, 2, 4)));
        assertThat(counts.of(TREES)).hasValue(3);
    }

    @Test
    void a_rebuild_replaces_all_counts_at_once() {
        refresh(answer(1, 9, false, count(TREES, 3, 5), count(BENCH, 4, 9)));
        refresh(answer(2, 5, true, count(TREES, 2, 5)), "");
        assertThat(counts.of(TREES)).hasValue(3);
        refresh(answer(2, 5, false, count(TREES, 2, 5)));
        assertThat(counts.of(TREES)).hasValue(2);
        assertThat(counts.of(BENCH)).isEmpty();
    }
}
