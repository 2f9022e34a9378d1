package org.countersign.benchmarks.peer.jpa;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface JpaPetitionRepository extends JpaRepository<JpaPetition, String> {

    @Modifying
    @Query("update JpaPetition p set p.count = p.count + 1 where p.slug = :slug")
    void incrementCount(String slug);
}
