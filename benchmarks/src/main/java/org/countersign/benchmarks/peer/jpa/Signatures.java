package org.countersign.benchmarks.peer.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface Signatures extends JpaRepository<JpaSignature, Long> {
}
