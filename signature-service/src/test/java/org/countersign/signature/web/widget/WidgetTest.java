package org.countersign.signature.web.widget;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** A petition on other people's pages. */
class WidgetTest extends RunningService {

    private static final int MOST_BYTES = 15_000;

    @Test
    void it_shows_the_number_and_leads_to_the_petition_and_nobody_can_sign_in_it() {
        String petition = publishedPetition();
        HttpProbe.Response answer = get("/embed/" + petition);
        Document widget = Jsoup.parse(answer.body());
        assertThat(widget.select("h1").text()).isEqualTo("A bench under the lime tree");
        assertThat(widget.select(".counter strong").text()).isEqualTo("0");
        assertThat(widget.select(".counter .goal").text()).isEqualTo("Let’s get to 100!");
        assertThat(widget.select("a.sign").attr("href")).isEqualTo("/petitions/" + petition);
        assertThat(widget.select("a.sign").attr("target")).isEqualTo("_blank");
        assertThat(widget.select("form, input, button")).isEmpty();
        assertThat(get("/embed/no-such").status()).isEqualTo(404);
    }

    @Test
    void only_it_may_stand_in_a_frame_of_others_and_it_may_do_nothing_but_show() {
        String petition = publishedPetition();
        HttpProbe.Response widget = get("/embed/" + petition);
        assertThat(widget.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("frame-ancestors *", "form-action 'none'", "default-src 'none'");
        assertThat(widget.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(widget.headers().allValues("Set-Cookie")).isEmpty();
        for (String page : List.of("/petitions/" + petition, "/confirm?token=x", "/")) {
            assertThat(get(page).headers().firstValue("X-Frame-Options"))
                    .as(page)
                    .contains("DENY");
            assertThat(get(page).headers().firstValue("Content-Security-Policy").orElseThrow())
                    .as(page)
                    .contains("frame-ancestors 'none'");
        }
        assertThat(post("/embed/" + petition, "{}").status()).isEqualTo(403);
    }

    @Test
    void all_of_it_weighs_little() {
        String petition = publishedPetition();
        int bytes = List.of("/embed.js", "/embed/" + petition, "/embed.css", "/live.js").stream()
                .mapToInt(path -> get(path).body().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void a_page_says_how_it_is_embedded_as_oembed_has_it() {
        String petition = publishedPetition();
        String link = Jsoup.parse(get("/petitions/" + petition).body())
                .select("link[type=application/json+oembed]")
                .attr("href");
        HttpProbe.Response answer = get(link);
        assertThat(answer.json().get("version").asString()).isEqualTo("1.0");
        assertThat(answer.json().get("type").asString()).isEqualTo("rich");
        assertThat(answer.json().get("title").asString()).isEqualTo("A bench under the lime tree");
        Document html = Jsoup.parse(answer.json().get("html").asString());
        assertThat(html.select("iframe").attr("src")).endsWith("/embed/" + petition);
        assertThat(html.select("iframe").attr("title")).isEqualTo("A bench under the lime tree");
        assertThat(get(link + "&format=xml").status()).isEqualTo(501);
        for (String other : List.of(
                "",
                "https://elsewhere.example/petitions/" + petition,
                "::",
                "http://localhost:8080/petitions/no-such")) {
            assertThat(get("/oembed?url=" + URLEncoder.encode(other, StandardCharsets.UTF_8))
                            .status())
                    .as(other)
                    .isIn(404, 422);
        }
    }
}
