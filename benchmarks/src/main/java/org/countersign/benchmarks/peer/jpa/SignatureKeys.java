package org.countersign.benchmarks.peer.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface SignatureKeys extends JpaRepository<SignatureKey, Long> {
}
