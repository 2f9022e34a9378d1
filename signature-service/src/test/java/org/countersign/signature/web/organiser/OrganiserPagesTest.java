package org.countersign.signature.web.organiser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The pages for organisers, without a notifier and a counter. */
class OrganiserPagesTest extends RunningService {

    private Document open(String path) {
        HttpProbe.Response page = get(path, as(ORGANISER));
        assertThat(page.status()).as(path).isEqualTo(200);
        return Jsoup.parse(page.body());
    }

    @Test
    void the_organiser_sees_goal_alerts_and_that_the_notifier_is_away() {
        String petition = publishedPetition();
        String alert = JSON.writeValueAsString(
                Map.of("name", "The Mayor", "email", "mayor@example.org", "milestones", List.of(50, 100)));
        assertThat(post("/api/petitions/" + petition + "/alerts", alert, as(ORGANISER))
                        .status())
                .isEqualTo(201);
        Document page = open("/organise/petitions/" + petition);
        assertThat(page.select(".counter .goal").text()).isEqualTo("Let’s get to 100!");
        assertThat(page.select("#alerts").text()).contains("The Mayor", "at 50, 100");
        assertThat(page.select("#alerts form").attr("action")).matches("/organise/petitions/.+/alerts/.+/stop");
        assertThat(page.text()).contains("The notifier does not answer", "Its own: none, so the usual ones");
        assertThat(page.select("#alertLanguage option[selected]").attr("value")).isEqualTo("en");
        assertThat(page.select("#alertName").attr("aria-invalid")).isEqualTo("false");
    }

    @Test
    void the_organiser_finds_the_petition_in_the_list_and_the_form_for_a_new_one() {
        String petition = publishedPetition();
        assertThat(open("/organise").select("a[href=/organise/petitions/" + petition + "]"))
                .hasSize(1);
        Document form = open("/organise/new");
        assertThat(form.select("form > textarea")).hasSize(2);
        assertThat(form.select("details").text()).contains("takes the notice of Neighbours of Mill Street");
    }
}
