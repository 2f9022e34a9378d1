package org.countersign.signature.eventlog;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.countersign.events.PetitionSlug;
import org.countersign.support.warmup.RehearsalDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Opens event logs for the warm-up. */
@Component
public class LogRehearsal {

    private static final List<String> TABLES =
            List.of("log_head", "petition_name", "event", "stream_event", "repeated_signing", "held_signing");
    private static final String APPEND = GroupCommit.APPEND;
    private static final int QUEUE_CAPACITY = 1000;

    private final DataSource dataSource;
    private final EventMac macs;
    private final EventRecords records;

    LogRehearsal(DataSource dataSource, EventMac macs, EventRecords records) {
        this.dataSource = dataSource;
        this.macs = macs;
        this.records = records;
    }

    /** An event log with the code of the real one, over a copy of its tables. */
    public static final class RehearsedLog implements AutoCloseable {

        private final RehearsalDatabase database;
        private final EventLog log;
        private final GroupCommit commits;
        private final GroupRead reads;
        private final SignatureStreams streams;

        private RehearsedLog(RehearsalDatabase database, PetitionSlug petition, EventMac macs, EventRecords records) {
            this.database = database;
            LogGate gate = new LogGate();
            JdbcClient client = JdbcClient.create(database.dataSource());
            PetitionNumbers numbers = new PetitionNumbers(client);
            // The writer holds the only connection while it needs the number.
            numbers.find(numbers.number(petition.value()));
            log = new EventLog(client, numbers, macs, gate);
            commits = new GroupCommit(
                    database.dataSource(),
                    RehearsalDatabase.SCHEMA + "." + APPEND,
                    numbers,
                    gate,
                    QUEUE_CAPACITY,
                    events -> {
                        log.appended(events);
                        // A record that was sent cannot be taken back. Encoding it is most of the relay's work.
                        events.forEach(records::of);
                    },
                    new SimpleMeterRegistry());
            reads = new GroupRead(client, log, gate, QUEUE_CAPACITY);
            streams = new SignatureStreams(commits, reads, macs);
        }

        /** Returns the log. */
        public EventLog log() {
            return log;
        }

        /** Returns the streams of the log. */
        public SignatureStreams streams() {
            return streams;
        }

        @Override
        public void close() {
            commits.close();
            reads.close();
            database.close();
        }
    }

    /**
     * Opens a log without events.
     *
     * @param petition the petition of all events that will be appended
     * @throws SQLException if the tables cannot be copied
     */
    public RehearsedLog open(PetitionSlug petition) throws SQLException {
        RehearsalDatabase database = RehearsalDatabase.open(dataSource, TABLES);
        try {
            database.execute("insert into log_head (last_index) values (0)");
            database.copyFunction(APPEND);
            return new RehearsedLog(database, petition, macs, records);
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }
}
