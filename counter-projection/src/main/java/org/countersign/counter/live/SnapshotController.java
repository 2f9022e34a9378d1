package org.countersign.counter.live;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Everything that is counted, as it stands after one event, for who wants to hold it against the history: NDJSON, in
 * the first line the event's index, in the last {@code "is":"end"}. All of it is public, in parts, elsewhere. Each
 * holds a connection to the database for as long as its reader takes to read it: a few at a time may, and counting has
 * the others.
 */
@RestController
class SnapshotController {

    private static final int AT_A_TIME = 3;
    private static final int FETCH = 1000;

    private final JdbcTemplate database;
    private final TransactionTemplate atOneMoment;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    SnapshotController(JdbcTemplate database, PlatformTransactionManager transactions) {
        this.database = new JdbcTemplate(database.getDataSource());
        this.database.setFetchSize(FETCH);
        this.atOneMoment = new TransactionTemplate(transactions);
        this.atOneMoment.setReadOnly(true);
        this.atOneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    @GetMapping("/api/snapshot")
    void snapshot(HttpServletResponse response) throws IOException {
        if (!places.tryAcquire()) {
            response.setHeader("Retry-After", "5");
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE, "Others are reading it now. Please try again in a few seconds.");
        }
        try {
            response.setContentType(NdjsonWriter.MEDIA_TYPE.toString());
            NdjsonWriter out = new NdjsonWriter(response.getOutputStream());
            atOneMoment.executeWithoutResult(status -> write(out));
        } finally {
            places.release();
        }
    }

    private void write(NdjsonWriter out) {
        lines(out, "position", "select global_index as \"index\" from position");
        lines(out, "counts", """
                select petition, verified, pending, withdrawn, goal, last_milestone as "lastMilestone", as_of_index as "asOfIndex" from petition_count""");
        lines(out, "country", "select petition, country, verified from country_count");
        for (CountHistory.Width width : CountHistory.Width.values()) {
            lines(out, "bucket", """
                    select petition, '%1$s' as width, to_char(%1$s at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start, verified, signed
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
