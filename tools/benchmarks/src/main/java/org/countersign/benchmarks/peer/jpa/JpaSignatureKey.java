package org.countersign.benchmarks.peer.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/** The key of a signature's personal data. */
@SuppressWarnings("NullAway.Init") // JPA sets the fields.
@Entity
@Table(name = "signature_key")
class JpaSignatureKey implements Persistable<Long> {

    @Id
    private Long signature;

    private byte[] secret;
    /** Without this field, Spring Data would query each row before the insert, because its id is set. */
    @Transient
    private boolean newRow;

    JpaSignatureKey() {
        // JPA needs this constructor.
    }

    JpaSignatureKey(Long signature, byte[] secret) {
        this.signature = signature;
        this.secret = secret;
        this.newRow = true;
    }

    @Override
    public Long getId() {
        return signature;
    }

    @Override
    public boolean isNew() {
        return newRow;
    }
}
