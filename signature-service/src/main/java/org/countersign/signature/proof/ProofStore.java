package org.countersign.signature.proof;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.countersign.signature.domain.signature.HeldByRule;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code proof_key} and {@code used_proof}. */
@Component
class ProofStore {

    private final JdbcClient database;

    ProofStore(JdbcClient database) {
        this.database = database;
    }

    /** Returns the key. The proposed one becomes the key if there is none. */
    ProofKey key(ProofKey proposed) {
        database.sql("insert into proof_key (id, secret) values (?, ?) on conflict do nothing")
                .params(proposed.id(), proposed.secret())
                .update();
        return database.sql("select id, secret from proof_key")
                .query((row, number) -> new ProofKey(row.getObject("id", UUID.class), row.getBytes("secret")))
                .single();
    }

    /**
     * Uses up a challenge for a signature.
     *
     * @param key the key of the challenge; no challenge of another key can be used
     * @param challenge the hash in hexadecimal digits
     * @return whether it was used for no other signature
     */
    boolean use(UUID key, String challenge, UUID signature, Instant expires) {
        byte[] hash = HexFormat.of().parseHex(challenge);
        Optional<UUID> user = database.sql("""
                        with used as (
                            insert into used_proof (challenge, signature, expires)
                            select ?, ?, ? where exists (select from proof_key where id = ?)
                            on conflict (challenge) do nothing returning signature
                        )
                        select signature from used union all select signature from used_proof where challenge = ?""")
                .params(hash, signature, expires.atOffset(ZoneOffset.UTC), key, hash)
                .query(UUID.class)
                .optional();
        return user.filter(signature::equals).isPresent();
    }

    /** Deletes the calls of a signature that are held for want of a proof. */
    void forgetUnproved(UUID signature) {
        database.sql("delete from held_signing where stream = ? and rule = ?")
                .params(signature, HeldByRule.PROOF_OF_WORK)
                .update();
    }

    /** Forgets the challenges that expired before a time. */
    void forgetExpired(Instant before) {
        database.sql("delete from used_proof where expires < ?")
                .param(before.atOffset(ZoneOffset.UTC))
                .update();
    }
}
