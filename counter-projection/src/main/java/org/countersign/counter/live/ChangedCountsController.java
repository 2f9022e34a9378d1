package org.countersign.counter.live;

import java.util.List;
import org.countersign.counter.live.CountsCache.CompletePosition;
import org.countersign.counter.live.CountsCache.CountsVersion;
import org.countersign.support.management.InternalCalls;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Returns the verified counts that changed since an earlier call, from memory. The signature service lists petitions
 * with them.
 *
 * <p>Takes {@code generation} and {@code after}, the position of the answer before; all counts follow if the generation
 * has changed. Answers {@code generation}, {@code position}, {@code counts} and {@code more}, which tells that a call
 * with this position gives further ones.
 */
@Component
class ChangedCountsController implements InternalCalls {

    private static final int MAX_COUNTS = 5000;

    private final CountsCache cache;
    private final JsonMapper mapper;

    ChangedCountsController(CountsCache cache, JsonMapper mapper) {
        this.cache = cache;
        this.mapper = mapper;
    }

    private record ChangedCount(String petition, long verified, long position) {}

    private record ChangedCounts(long generation, long position, boolean more, List<ChangedCount> counts) {}

    @Override
    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route().GET("/internal/counts", this::changed).build();
    }

    private ServerResponse changed(ServerRequest request) {
        // Read first: what arrives meanwhile is sent again by the next call.
        CompletePosition complete = cache.complete();
        long after = number(request, "generation") == complete.generation() ? number(request, "after") : -1;
        List<CountsVersion> changed = cache.changedAfter(after);
        boolean more = changed.size() > MAX_COUNTS;
        List<ChangedCount> counts = changed.stream()
                .limit(MAX_COUNTS)
                .map(version ->
                        new ChangedCount(version.petition(), version.counts().verified(), version.position()))
                .toList();
        long position = more ? counts.get(counts.size() - 1).position() : complete.position();
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(mapper.writeValueAsBytes(
                        new ChangedCounts(complete.generation(), Math.max(0, position), more, counts)));
    }

    private static long number(ServerRequest request, String name) {
        try {
            return request.param(name).map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
