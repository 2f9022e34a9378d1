package org.countersign.counter.live;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.countersign.support.management.InternalCalls;
import org.countersign.support.ndjson.NdjsonWriter;
import org.countersign.support.problem.ProblemJson;
import org.springframework.beans.factory.annotation.Value;
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
 * event's index.
 *
 * <p>A file on disk takes the counts first. The database is therefore busy for as long as it needs itself, however
 * slowly a client reads. Few snapshots are taken at a time, and a client that reads for too long is disconnected.
 */
@Component
class SnapshotController implements InternalCalls {

    private static final int MAX_CONCURRENT_SNAPSHOTS = 3;
    private static final int FETCH_SIZE = 1000;
    private static final int CHUNK_BYTES = 1 << 14;
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(60);

    private final JdbcTemplate database;
    private final TransactionTemplate atOneMoment;
    private final Duration readTimeout;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT_SNAPSHOTS);

    SnapshotController(
            JdbcTemplate database,
            PlatformTransactionManager transactions,
            @Value("${countersign.snapshot.read-timeout}") Duration readTimeout) {
        this.database = new JdbcTemplate(Objects.requireNonNull(database.getDataSource()));
        this.database.setFetchSize(FETCH_SIZE);
        this.readTimeout = readTimeout;
        this.atOneMoment = new TransactionTemplate(transactions);
        this.atOneMoment.setReadOnly(true);
        this.atOneMoment.setTimeout((int) DATABASE_TIMEOUT.toSeconds());
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
        Path file = Files.createTempFile("counter-snapshot", ".ndjson");
        try {
            if (!take(file)) {
                response.setHeader("Retry-After", "5");
                ProblemJson.write(
                        response,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Too many clients read the snapshot. Please try again in a few seconds.");
                return;
            }
            response.setContentType(NdjsonWriter.MEDIA_TYPE.toString());
            response.setContentLengthLong(Files.size(file));
            send(file, response.getOutputStream());
        } finally {
            Files.delete(file);
        }
    }

    /** Writes a snapshot to a file. Returns false if too many others do now. */
    private boolean take(Path file) throws IOException {
        if (!permits.tryAcquire()) {
            return false;
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            NdjsonWriter lines = new NdjsonWriter(out);
            atOneMoment.executeWithoutResult(status -> write(lines));
            return true;
        } finally {
            permits.release();
        }
    }

    private void send(Path file, OutputStream out) throws IOException {
        long begun = System.nanoTime();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
                if (System.nanoTime() - begun > readTimeout.toNanos()) {
                    throw new InterruptedIOException("The client did not read the snapshot within " + readTimeout);
                }
                out.write(chunk, 0, length);
            }
        }
    }

    private void write(NdjsonWriter out) {
        lines(out, "position", "select global_index as \"index\", public_position as \"position\" from position");
        lines(out, "counts", """
                select petition, verified, pending, withdrawn, expired, invalidated, goal,
                    last_milestone as "lastMilestone", as_of_index as "asOfIndex", public_position as "position",
                    to_char(as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "asOf"
                from petition_count""");
        lines(out, "country", "select petition, country, verified from country_count");
        for (CountHistory.BucketWidth width : CountHistory.BucketWidth.values()) {
            lines(out, "bucket", """
                    select petition, '%1$s'
                        as width, to_char(%1$s at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
                            verified, signed
                    from %1$s_count""".formatted(width.column()));
        }
        lines(out, "milestone", """
                select petition, threshold, global_index as "index", public_position as "position" from milestone""");
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
