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

/** The widget on other sites. */
class WidgetTest extends RunningService {

    private static final int MAX_BYTES = 15_000;

    @Test
    void the_widget_shows_count_and_link_but_no_form() {
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
    void only_the_widget_may_be_framed_and_it_accepts_no_input() {
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
        assertThat(post("/embed/" + petition, "{}").status()).isEqualTo(405);
    }

    @Test
    void the_widget_and_its_files_are_small() {
        String petition = publishedPetition();
        int bytes = List.of("/embed.js", "/embed/" + petition, "/embed.css", "/live.js").stream()
                .mapToInt(path -> get(path).body().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertThat(bytes).isLessThan(MAX_BYTES);
    }

    @Test
    void a_page_links_to_its_oembed_description() {
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
