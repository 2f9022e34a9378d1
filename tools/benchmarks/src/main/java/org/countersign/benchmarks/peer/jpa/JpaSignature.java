package org.countersign.benchmarks.peer.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A signature. Petition and address are the unique key of the table. */
@SuppressWarnings("NullAway.Init") // JPA sets the fields.
@Entity
@Table(name = "signature")
class JpaSignature {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "signature_seq")
    @SequenceGenerator(name = "signature_seq", allocationSize = 50)
    private Long id;

    private String petition;
    private UUID address;
    private Instant at;
    private String country;
    private boolean publicly;
    private boolean updates;
    private byte[] sealed;

    JpaSignature() {
        // JPA needs this constructor.
    }

    JpaSignature(
            String petition,
            UUID address,
            Instant at,
            String country,
            boolean publicly,
            boolean updates,
            byte[] sealed) {
        this.petition = petition;
        this.address = address;
        this.at = at;
        this.country = country;
        this.publicly = publicly;
        this.updates = updates;
        this.sealed = sealed;
    }

    Long id() {
        return id;
    }
}
