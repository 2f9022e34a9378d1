package org.countersign.signature.web.petition;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.signature.RunningService;
import org.countersign.signature.application.Petitions;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The goal of a petition and the next milestone on the way to it. The counter is a stub. The goal is 100. */
class GoalTest extends RunningService {

    private static final Map<String, String> COUNTS = new ConcurrentHashMap<>();
    private static final HttpServer COUNTER = counter();

    @Autowired
    private Petitions petitions;

    @Autowired
    private PicturePage pictures;

    private static HttpServer counter() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/api/petitions/", exchange -> {
                String counts = COUNTS.get(exchange.getRequestURI().getPath());
                byte[] body = (counts == null ? "{}" : counts).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(counts == null ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void stubbedCounter(DynamicPropertyRegistry properties) {
        properties.add(
                "countersign.counter.internal-url",
                () -> "http://localhost:" + COUNTER.getAddress().getPort());
    }

    @AfterAll
    static void stopCounter() {
        COUNTER.stop(0);
    }

    /** Publishes a petition with these counts. A next milestone of null says that no milestone is left. */
    private String petitionWith(long verified, Long nextMilestone) {
        String petition = publishedPetition();
        Map<String, Object> counts = new HashMap<>();
        counts.put("verified", verified);
        counts.put("nextMilestone", nextMilestone);
        COUNTS.put("/api/petitions/" + petition + "/counts", JSON.writeValueAsString(counts));
        return petition;
    }

    private Element counterOn(String path, String language) {
        return Jsoup.parse(get(path, "Accept-Language", language).body()).selectFirst(".counter");
    }

    private Element counterOf(String petition) {
        return counterOn("/petitions/" + petition, "en");
    }

    private static String goal(Element counter) {
        return counter.select(".goal").text();
    }

    private static String next(Element counter) {
        return counter.select(".next").text();
    }

    @Test
    void the_page_and_the_widget_show_the_goal_and_the_next_milestone() {
        String petition = petitionWith(3, 10L);
        for (String path :
                List.of("/petitions/" + petition, "/petitions/" + petition + "/signed", "/embed/" + petition)) {
            Element counter = counterOn(path, "en");
            assertThat(goal(counter)).as(path).isEqualTo("Let’s get to 100!");
            assertThat(next(counter)).as(path).isEqualTo("Next milestone: 10");
        }
    }

    @Test
    void the_bar_shows_progress_to_the_goal_also_to_a_screen_reader() {
        Element bar = counterOf(petitionWith(3, 10L)).selectFirst("progress");
        assertThat(bar.attr("value")).isEqualTo("3");
        assertThat(bar.attr("max")).isEqualTo("100");
        assertThat(bar.attr("aria-label")).isEqualTo("Progress to the goal");
        assertThat(bar.attr("aria-valuetext")).isEqualTo("3 of 100");
    }

    @Test
    void the_goal_is_not_repeated_when_it_is_the_next_milestone() {
        Element counter = counterOf(petitionWith(60, 100L));
        assertThat(goal(counter)).isEqualTo("Let’s get to 100!");
        assertThat(next(counter)).isEmpty();
    }

    @Test
    void a_reached_goal_is_called_reached_and_the_next_milestone_is_shown() {
        Element counter = counterOf(petitionWith(120, 250L));
        assertThat(goal(counter)).isEqualTo("Goal of 100 reached!");
        assertThat(next(counter)).isEqualTo("Next milestone: 250");
        assertThat(counter.selectFirst("progress").attr("aria-valuetext")).isEqualTo("120 of 100");
    }

    @Test
    void a_reached_goal_without_a_next_milestone_shows_the_goal_alone() {
        Element counter = counterOf(petitionWith(100, null));
        assertThat(goal(counter)).isEqualTo("Goal of 100 reached!");
        assertThat(next(counter)).isEmpty();
    }

    @Test
    void the_goal_is_shown_while_the_counts_are_unknown() {
        Element counter = counterOf(publishedPetition());
        assertThat(goal(counter)).isEqualTo("Let’s get to 100!");
        assertThat(next(counter)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "de, Unser Ziel: 100!, Nächstes Zwischenziel: 10, 3 von 100, ltr",
        "fr, Notre objectif : 100 !, Prochain palier : 10, 3 sur 100, ltr",
        "hy, Մեր նպատակը՝ 100, Հաջորդ նշաձողը՝ 10, '3, նպատակը՝ 100', ltr",
        "ar, هدفنا: ١٠٠, المحطة التالية: ١٠, ٣ من ١٠٠, rtl"
    })
    void goal_and_next_milestone_are_in_the_language_of_the_reader(
            String language, String goal, String next, String progress, String direction) {
        Element counter = counterOn("/petitions/" + petitionWith(3, 10L), language);
        assertThat(goal(counter)).isEqualTo(goal);
        assertThat(next(counter)).isEqualTo(next);
        assertThat(counter.select("progress").attr("aria-valuetext")).isEqualTo(progress);
        assertThat(counter.ownerDocument().select("html").attr("dir")).isEqualTo(direction);
    }

    @ParameterizedTest
    @CsvSource({"en, 0", "hy, 0", "ar, ٠"})
    void the_script_is_told_which_digits_the_page_has(String language, String zero) {
        assertThat(counterOn("/petitions/" + petitionWith(3, 10L), language).attr("data-zero"))
                .isEqualTo(zero);
    }

    @Test
    void the_script_has_the_words_for_each_number_it_may_show() {
        Element counter = counterOf(petitionWith(3, 10L));
        assertThat(counter.attr("data-goal")).isEqualTo("Let’s get to {0}!");
        assertThat(counter.attr("data-goal-reached")).isEqualTo("Goal of {0} reached!");
        assertThat(counter.attr("data-next")).isEqualTo("Next milestone: {0}");
        assertThat(counter.attr("data-progress")).isEqualTo("{0} of {1}");
    }

    @Test
    void the_picture_shows_the_goal_and_the_next_milestone() {
        Element picture = picture(petitionWith(30, 50L));
        assertThat(picture.select(".goal").text()).isEqualTo("Let’s get to 100!");
        assertThat(picture.select(".next").text()).isEqualTo("Next milestone: 50");
        assertThat(picture.select(".bar div").attr("style")).contains("width:30%");
    }

    @Test
    void the_picture_of_a_reached_goal_has_a_full_bar() {
        Element picture = picture(petitionWith(120, null));
        assertThat(picture.select(".goal").text()).isEqualTo("Goal of 100 reached!");
        assertThat(picture.select(".next").text()).isEmpty();
        assertThat(picture.select(".bar div").attr("style")).contains("width:100%");
    }

    private Element picture(String petition) {
        return Jsoup.parse(pictures.html(petitions.get(petition)));
    }
}
