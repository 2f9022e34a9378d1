package org.countersign.counter.live;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.countersign.support.management.InternalCalls;
import org.countersign.support.ndjson.NdjsonWriter;
import org.countersign.support.problem.ProblemJson;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Returns all counts as of one event, for comparison with the history. The response is NDJSON that begins with the
 * event's index. Each reader occupies a database connection until it has read everything. The number of readers is
 * therefore limited.
 */
@Component
class SnapshotController implements InternalCalls {

    private static final int MAX_READERS = 3;
    private static final int FETCH_SIZE = 1000;

    private final JdbcTemplate database;
    private final TransactionTemplate atOneMoment;
    private final Semaphore permits = new Semaphore(MAX_READERS);

    SnapshotController(JdbcTemplate database, PlatformTransactionManager transactions) {
        this.database = new JdbcTemplate(Objects.requireNonNull(database.getDataSource()));
        this.database.setFetchSize(FETCH_SIZE);
        this.atOneMoment = new TransactionTemplate(transactions);
        this.atOneMoment.setReadOnly(true);
        this.atOneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    @Override
    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(
                        "/internal/snapshot",
                        request -> ServerResponse.ok().build((caller, response) -> {
                            snapshot(response);
                            return null;
                        }))
                .build();
    }

    private void snapshot(HttpServletResponse response) throws IOException {
        if (!permits.tryAcquire()) {
            response.setHeader("Retry-After", "5");
            ProblemJson.write(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Too many clients read the snapshot. Please try again in a few seconds.");
            return;
        }
        try {
            response.setContentType(NdjsonWriter.MEDIA_TYPE.toString());
            NdjsonWriter out = new NdjsonWriter(response.getOutputStream());
            atOneMoment.executeWithoutResult(status -> write(out));
        } finally {
            permits.release();
        }
    }

    private void write(NdjsonWriter out) {
        lines(out, "position", "select global_index as \"index\" from position");
        lines(out, "counts", """
                select petition, verified, pending, withdrawn, goal, last_milestone
                    as "lastMilestone", as_of_index as "asOfIndex" from petition_count""");
        lines(out, "country", "select petition, country, verified from country_count");
        for (CountHistory.BucketWidth width : CountHistory.BucketWidth.values()) {
            lines(out, "bucket", """
                    select petition, '%1$s'
                        as width, to_char(%1$s at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
                            verified, signed
                    from %1$s_count""".formatted(width.column()));
        }
        lines(out, "milestone", "select petition, threshold, global_index as \"index\" from milestone");
        out.end(Map.of());
    }

    private void lines(NdjsonWriter out, String is, String query) {
        database.query(query, (RowCallbackHandler) row -> {
            Map<String, Object> line = new LinkedHashMap<>();
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                line.put(row.getMetaData().getColumnLabel(column), row.getObject(column));
            }
            out.write(is, line);
        });
    }
}
