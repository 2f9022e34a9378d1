package org.countersign.signature.web.counts;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.rendering.StatementRenderer;
import org.jsoup.Jsoup;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What a page needs to show a petition's number, keep it up to date and be passed on. */
@Component
public class LiveCounter {

    private static final int SUMMARY = 200;

    private final CurrentCounts counts;
    private final StatementRenderer statement;
    private final String counterUrl;
    private final String site;
    /** They never change. */
    private final Map<PetitionSlug, Share> shares = new ConcurrentHashMap<>();

    LiveCounter(
            CurrentCounts counts,
            StatementRenderer statement,
            @Value("${countersign.counter.public-url}") String counterUrl,
            @Value("${countersign.public-url}") String site) {
        this.counts = counts;
        this.statement = statement;
        this.counterUrl = counterUrl;
        this.site = site;
    }

    /**
     * How a petition is passed on.
     *
     * @param address of its page
     * @param description how its statement begins
     */
    record Share(String address, String description) {}

    /** Adds the petition, its count, the next milestone, where its counts are and how it is shared to the model. */
    public void show(Petition petition, Model model) {
        Optional<CurrentCounts.Counts> now = counts.of(petition.slug());
        model.addAttribute("petition", petition);
        model.addAttribute("verified", now.map(CurrentCounts.Counts::verified).orElse(0L));
        model.addAttribute(
                "next",
                now.map(CurrentCounts.Counts::nextMilestone)
                        .filter(next -> next > 0)
                        .orElse(petition.goal()));
        model.addAttribute("countsUrl", counterUrl + "/api/petitions/" + petition.slug() + "/counts");
        model.addAttribute("share", shares.computeIfAbsent(petition.slug(), slug -> share(petition)));
    }

    private Share share(Petition petition) {
        String address = site + "/petitions/" + petition.slug();
        String text = Jsoup.parse(statement.html(petition.statement())).text();
        int end = text.length() > SUMMARY ? Math.max(1, text.lastIndexOf(' ', SUMMARY)) : text.length();
        return new Share(address, text.substring(0, end) + (end < text.length() ? " …" : ""));
    }
}
