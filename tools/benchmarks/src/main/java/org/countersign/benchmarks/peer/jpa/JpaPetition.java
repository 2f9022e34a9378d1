package org.countersign.benchmarks.peer.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A petition with its count: the row that everybody who signs it has to lock. */
@Entity
@Table(name = "petition")
class JpaPetition {

    @Id
    private String slug;

    @Column(name = "signature_count")
    private long count;
}
