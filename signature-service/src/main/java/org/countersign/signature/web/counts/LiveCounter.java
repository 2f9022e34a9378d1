package org.countersign.signature.web.counts;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.rendering.StatementRenderer;
import org.jsoup.Jsoup;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The counter and the share links of a page. */
@Component
public class LiveCounter {

    private static final int MAX_DESCRIPTION = 200;
    private static final CurrentCounts.PageCounts UNKNOWN = new CurrentCounts.PageCounts(0, 0);

    private final CurrentCounts counts;
    private final StatementRenderer statement;
    private final String counterUrl;
    private final String site;
    /** Titles and statements never change, so entries stay valid. */
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
     * The share links of a petition.
     *
     * @param address the URL of its page
     * @param description the beginning of its statement
     */
    record Share(String address, String description) {}

    /**
     * Adds what the counter and the share links of a page need to the model: {@code petition}, {@code verified},
     * {@code goalReached}, {@code next}, {@code countsUrl} and {@code share}.
     *
     * <p>{@code next} is the next milestone. It is 0 if there is none, if it is unknown, or if it is the goal, which
     * the page shows anyway.
     *
     * @return the number of verified signatures
     */
    public long show(Petition petition, Model model) {
        CurrentCounts.PageCounts now = counts.of(petition.slug()).orElse(UNKNOWN);
        model.addAttribute("petition", petition);
        model.addAttribute("verified", now.verified());
        model.addAttribute("goalReached", now.verified() >= petition.goal());
        model.addAttribute("next", now.nextMilestone() == petition.goal() ? 0 : now.nextMilestone());
        model.addAttribute("countsUrl", counterUrl + "/api/petitions/" + petition.slug() + "/counts");
        model.addAttribute("share", shares.computeIfAbsent(petition.slug(), slug -> share(petition)));
        return now.verified();
    }

    private Share share(Petition petition) {
        String address = site + "/petitions/" + petition.slug();
        String text = Jsoup.parse(statement.html(petition.statement())).text();
        int end = text.length() > MAX_DESCRIPTION ? Math.max(1, text.lastIndexOf(' ', MAX_DESCRIPTION)) : text.length();
        return new Share(address, text.substring(0, end) + (end < text.length() ? " …" : ""));
    }
}
