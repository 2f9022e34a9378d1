package org.countersign.benchmarks.peer.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/** What a signature's personal data is encrypted with. */
@Entity
@Table(name = "signature_key")
class JpaSignatureKey implements Persistable<Long> {

    @Id
    private Long signature;

    private byte[] secret;
    /** Without this Spring Data would look each one up before it inserts it, since its id is set. */
    @Transient
    private boolean fresh;

    JpaSignatureKey() {
        // For JPA.
    }

    JpaSignatureKey(Long signature, byte[] secret) {
        this.signature = signature;
        this.secret = secret;
        this.fresh = true;
    }

    @Override
    public Long getId() {
        return signature;
    }

    @Override
    public boolean isNew() {
        return fresh;
    }
}
