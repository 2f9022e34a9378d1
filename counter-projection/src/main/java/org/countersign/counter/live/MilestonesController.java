package org.countersign.counter.live;

import java.time.Duration;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class MilestonesController {

    private static final int MOST = 100;
    private static final CacheControl BRIEFLY =
            CacheControl.maxAge(Duration.ofSeconds(5)).cachePublic();

    private final CountHistory history;

    MilestonesController(CountHistory history) {
        this.history = history;
    }

    /** The milestones of all petitions, the newest first, at most 100. */
    @GetMapping("/api/milestones")
    ResponseEntity<List<CountHistory.Reached>> newest() {
        return ResponseEntity.ok().cacheControl(BRIEFLY).body(history.newestMilestones(MOST));
    }
}
