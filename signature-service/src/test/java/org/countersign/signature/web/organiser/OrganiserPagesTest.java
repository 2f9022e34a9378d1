package org.countersign.signature.web.organiser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
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
        assertThat(open("/organise/new").select("input[name=topics]").eachAttr("value"))
                .hasSize(10)
                .contains("environment", "human-rights");
    }

    @Test
    void the_organiser_chooses_topics() {
        HttpProbe.Response empty = get("/organise/new", as(ORGANISER));
        String slug = "topics-" + System.nanoTime();
        String fields = "title=A+bench&statement=Please.&recipients=The+Mayor&goal=100&organiserName=Olga"
                + "&organiserEmail=olga%40example.org&language=en&slug=" + slug;
        Document preview = Jsoup.parse(submit(empty, fields + "&step=preview&topics=culture&topics=animals")
                .body());
        assertThat(preview.select(".preview").text()).contains("topics culture, animals");
        assertThat(preview.select("input[name=topics]").eachAttr("value")).containsExactly("culture", "animals");
        Document edited = Jsoup.parse(submit(empty, fields + "&step=edit&topics=culture&topics=animals")
                .body());
        assertThat(edited.select("input[name=topics][checked]").eachAttr("value"))
                .containsExactlyInAnyOrder("culture", "animals");
        Document wrong =
                Jsoup.parse(submit(empty, fields + "&step=publish&topics=trees").body());
        assertThat(wrong.select("#topics-error").text()).startsWith("must be one of environment, ");
        assertThat(submit(empty, fields + "&step=publish&topics=culture&topics=animals")
                        .status())
                .isEqualTo(302);
        assertThat(get("/api/petitions/" + slug).json().get("topics").toString())
                .isEqualTo("[\"culture\",\"animals\"]");
    }

    /** Submits the form of a page. */
    private HttpProbe.Response submit(HttpProbe.Response page, String fields) {
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String token = Jsoup.parse(page.body()).select("main input[name=_csrf]").attr("value");
        return send(
                HttpRequest.newBuilder(uri("/organise/new"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(HttpRequest.BodyPublishers.ofString(fields + "&_csrf=" + token)),
                as(ORGANISER));
    }
}
