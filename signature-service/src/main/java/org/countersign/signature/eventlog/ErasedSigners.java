package org.countersign.signature.eventlog;

import java.util.List;
import java.util.UUID;
import org.countersign.events.EventType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the signatures whose signers were erased or have withdrawn. */
@Component
public class ErasedSigners {

    private final JdbcClient database;

    ErasedSigners(JdbcClient database) {
        this.database = database;
    }

    /** Returns the index of the newest event. */
    public long head() {
        return database.sql("select last_index from log_head").query(Long.class).single();
    }

    /**
     * Returns the ids of signatures that were erased or withdrawn by the events of these indexes.
     *
     * @param after the index before the first event
     * @param last the index of the last event
     */
    public List<UUID> between(long after, long last) {
        return database.sql("""
                        select distinct stream from event
                        where global_index > ? and global_index <= ? and type in (?, ?)""")
                .params(after, last, EventType.SIGNER_ERASED.code(), EventType.SIGNATURE_WITHDRAWN.code())
                .query(UUID.class)
                .list();
    }
}
