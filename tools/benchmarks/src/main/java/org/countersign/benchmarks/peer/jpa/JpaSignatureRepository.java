package org.countersign.benchmarks.peer.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface JpaSignatureRepository extends JpaRepository<JpaSignature, Long> {}
