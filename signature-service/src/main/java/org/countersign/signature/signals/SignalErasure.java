package org.countersign.signature.signals;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.countersign.signature.eventlog.ErasedSigners;
import org.countersign.signature.eventlog.LeaderElectedTask;
import org.countersign.signature.eventlog.ReaderPositions;
import org.countersign.support.lock.AdvisoryLock;
import org.springframework.stereotype.Component;

/**
 * Deletes the signals of signers who were erased or have withdrawn. It follows the log, so that no crash between an
 * erasure and the deletion keeps a signal. It stays some seconds behind: the signals of the last sign calls may still
 * wait to be written.
 */
@Component
class SignalErasure extends LeaderElectedTask {

    private static final String READER = "signal-erasure";
    private static final long LOCK = 0x636f_756e_7465_7207L;
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    /** Events in one pass. */
    private static final int PAGE_SIZE = 50_000;

    private final ErasedSigners erased;
    private final ReaderPositions positions;
    private final SignalStore store;

    SignalErasure(DataSource dataSource, ErasedSigners erased, ReaderPositions positions, SignalStore store) {
        super("erasure of signals", dataSource, LOCK);
        this.erased = erased;
        this.positions = positions;
        this.store = store;
    }

    @Override
    protected void lead(AdvisoryLock held) throws SQLException, InterruptedException {
        if (positions.of(READER) == 0) {
            // Events from before the first start of this version have no signals.
            positions.advance(READER, erased.head());
        }
        long due = positions.of(READER);
        while (isRunning()) {
            long head = erased.head();
            forgetUpTo(due);
            due = head;
            held.check();
            pause(INTERVAL);
        }
    }

    private void forgetUpTo(long due) {
        for (long position = positions.of(READER); position < due && isRunning(); ) {
            long end = Math.min(due, position + PAGE_SIZE);
            List<UUID> streams = erased.between(position, end);
            if (!streams.isEmpty()) {
                store.forget(streams);
            }
            positions.advance(READER, end);
            position = end;
        }
    }
}
