package org.countersign.benchmarks.peer.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface JpaSignatureKeyRepository extends JpaRepository<JpaSignatureKey, Long> {}
