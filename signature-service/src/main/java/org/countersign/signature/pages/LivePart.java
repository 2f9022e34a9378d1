package org.countersign.signature.pages;

import java.util.Optional;
import org.countersign.signature.petition.Petition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What a page needs to show a petition's number and keep it up to date. */
@Component
class LivePart {

    private final LiveCounts counts;
    private final String counterUrl;

    LivePart(LiveCounts counts, @Value("${countersign.counter.public-url}") String counterUrl) {
        this.counts = counts;
        this.counterUrl = counterUrl;
    }

    /** Adds the petition, its count, the next milestone and where its counts are to the model. */
    void show(Petition petition, Model model) {
        Optional<LiveCounts.Counts> now = counts.of(petition.slug());
        model.addAttribute("petition", petition);
        model.addAttribute("verified", now.map(LiveCounts.Counts::verified).orElse(0L));
        model.addAttribute("next", now.map(LiveCounts.Counts::nextMilestone).filter(next -> next > 0).orElse(petition.goal()));
        model.addAttribute("countsUrl", counterUrl + "/api/petitions/" + petition.slug() + "/counts");
    }
}
