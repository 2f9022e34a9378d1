package org.countersign.counter.live;

import java.time.Duration;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class MilestonesController {

    private static final int MAX_RESULTS = 100;
    private static final CacheControl CACHE_CONTROL =
            CacheControl.maxAge(Duration.ofSeconds(5)).cachePublic();

    private final CountHistory history;

    MilestonesController(CountHistory history) {
        this.history = history;
    }

    /** Returns the newest milestones of all petitions, at most 100. */
    @GetMapping("/api/milestones")
    ResponseEntity<List<CountHistory.PetitionMilestone>> newest() {
        return ResponseEntity.ok().cacheControl(CACHE_CONTROL).body(history.newestMilestones(MAX_RESULTS));
    }
}
