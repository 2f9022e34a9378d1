package org.countersign.benchmarks.peer.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A petition with its count. Every signature must lock this row. */
@SuppressWarnings("NullAway.Init") // JPA sets the fields.
@Entity
@Table(name = "petition")
class JpaPetition {

    @Id
    private String slug;

    @Column(name = "signature_count")
    private long count;
}
