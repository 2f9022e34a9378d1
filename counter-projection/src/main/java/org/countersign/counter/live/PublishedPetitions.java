package org.countersign.counter.live;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.countersign.counting.Milestones;
import org.countersign.events.PetitionSlug;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the signature service for petitions that the counter has not counted yet. From the moment a petition is
 * published, its counts can be read: they are 0 until the counter has caught up.
 *
 * <p>Strangers can ask for names that do not exist. Therefore the number of concurrent calls and of waiting lookups is
 * limited, lookups of one name share a call, and a negative answer or a failed call is cached for a second.
 */
@Component
class PublishedPetitions implements PetitionLookup, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedPetitions.class);
    /** Limits a whole lookup, with the wait for a free call. */
    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(1500);
    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(1);
    private static final int MAX_CONCURRENT_CALLS = 4;
    private static final int MAX_WAITING_LOOKUPS = 64;
    private static final int MAX_CACHED_NAMES = 10_000;
    private static final int MAX_RESPONSE_BYTES = 256 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CountsCache cache;
    private final String signatureService;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CALL_TIMEOUT).build();
    private final ThreadPoolExecutor calls = new ThreadPoolExecutor(
            MAX_CONCURRENT_CALLS,
            MAX_CONCURRENT_CALLS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING_LOOKUPS),
            PublishedPetitions::daemon);
    private final Map<String, CompletableFuture<Existence>> running = new ConcurrentHashMap<>();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    /** A lookup that found no petition. */
    private record Failure(Existence result, long at) {}

    PublishedPetitions(CountsCache cache, @Value("${countersign.signature-service.url}") String signatureService) {
        this.cache = cache;
        this.signatureService = signatureService;
        this.calls.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "petition-lookup");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public CompletableFuture<Existence> find(String slug) {
        if (cache.of(slug).isPresent()) {
            return CompletableFuture.completedFuture(Existence.PUBLISHED);
        }
        if (!PetitionSlug.isSlug(slug)) {
            return CompletableFuture.completedFuture(Existence.UNKNOWN);
        }
        Failure recent = failures.get(slug);
        if (recent != null && System.nanoTime() - recent.at < NEGATIVE_TTL.toNanos()) {
            return CompletableFuture.completedFuture(recent.result);
        }
        if (!cache.isLoaded()) {
            // The petition may have counts that were not read yet. They must not be shown as 0.
            return CompletableFuture.completedFuture(Existence.UNREACHABLE);
        }
        CompletableFuture<Existence> lookup = new CompletableFuture<>();
        CompletableFuture<Existence> earlier = running.putIfAbsent(slug, lookup);
        if (earlier != null) {
            return earlier;
        }
        lookup.completeOnTimeout(Existence.UNREACHABLE, LOOKUP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> running.remove(slug, lookup));
        try {
            calls.execute(() -> complete(slug, lookup));
        } catch (RejectedExecutionException e) {
            // Not cached: no call was made, and the next lookup may find a free place.
            lookup.complete(Existence.UNREACHABLE);
        }
        return lookup;
    }

    private void complete(String slug, CompletableFuture<Existence> lookup) {
        if (lookup.isDone()) {
            return;
        }
        Existence result = Existence.UNREACHABLE;
        try {
            result = call(slug);
        } catch (IOException | JacksonException | DateTimeException e) {
            LOG.debug("Cannot look up a petition: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (result != Existence.PUBLISHED) {
                remember(slug, result);
            }
            lookup.complete(result);
        }
    }

    private Existence call(String slug) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(signatureService + "/api/petitions/" + slug))
                .timeout(CALL_TIMEOUT)
                .build();
        HttpResponse<byte[]> response =
                await(client.sendAsync(request, head -> new LimitedBodySubscriber(MAX_RESPONSE_BYTES)));
        if (response.statusCode() == 404) {
            return Existence.UNKNOWN;
        }
        if (response.statusCode() != 200) {
            throw new IOException("The signature service answered " + response.statusCode());
        }
        cache.announce(uncounted(slug, JSON.readTree(response.body())));
        return Existence.PUBLISHED;
    }

    /** The timeout of the request ends with the response's head. This one limits the body too. */
    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> response)
            throws IOException, InterruptedException {
        try {
            return response.get(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("The signature service did not answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private void remember(String slug, Existence result) {
        if (failures.size() >= MAX_CACHED_NAMES) {
            failures.clear();
        }
        failures.put(slug, new Failure(result, System.nanoTime()));
    }

    private static Counts uncounted(String slug, JsonNode petition) throws IOException {
        JsonNode goal = petition.path("goal");
        if (!goal.canConvertToLong() || !petition.path("slug").asString("").equals(slug)) {
            throw new IOException("The signature service answered with something else than the petition");
        }
        List<Long> own = new ArrayList<>();
        petition.path("milestones").forEach(milestone -> own.add(milestone.asLong()));
        OptionalLong next = new Milestones(own, goal.asLong()).after(0);
        return new Counts(
                slug,
                0,
                goal.asLong(),
                next.isPresent() ? next.getAsLong() : null,
                null,
                Instant.parse(petition.path("publishedAt").asString("")),
                0);
    }

    @Override
    public void close() {
        calls.shutdownNow();
    }
}
