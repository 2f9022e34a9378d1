package org.countersign.signature.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finding petitions on the front page and over the API. */
class PetitionSearchTest extends RunningService {

    /** A word that only the petitions of one test have. */
    private final String word = "w" + UUID.randomUUID().toString().replace("-", "");

    @Autowired
    private SearchIndex index;

    @Autowired
    private PetitionSearch search;

    private String publish(String title, String statement, Map<String, ?> more) {
        ObjectNode petition = (ObjectNode) JSON.readTree(petition("found-" + UUID.randomUUID()));
        petition.put("title", title).put("statement", statement);
        more.forEach((field, value) -> petition.set(field, JSON.valueToTree(value)));
        HttpProbe.Response published = post("/api/petitions", petition.toString(), as(ORGANISER));
        assertThat(published.status()).as(published.body()).isEqualTo(201);
        return published.json().get("slug").asString();
    }

    private HttpProbe.Response front(String language, String... parameters) {
        return get("/?" + parameters(parameters), "Accept-Language", language);
    }

    private static String parameters(String... namesAndValues) {
        return String.join(
                "&",
                IntStream.range(0, namesAndValues.length / 2)
                        .mapToObj(i -> namesAndValues[2 * i] + "="
                                + java.net.URLEncoder.encode(
                                        namesAndValues[2 * i + 1], java.nio.charset.StandardCharsets.UTF_8))
                        .toList());
    }

    private List<String> found(String language, String... parameters) {
        HttpProbe.Response page = front(language, parameters);
        assertThat(page.status()).isEqualTo(200);
        return slugs(Jsoup.parse(page.body()));
    }

    private static List<String> slugs(Document page) {
        return page.select(".list a").stream()
                .map(link -> link.attr("href").replace("/petitions/", ""))
                .toList();
    }

    @Test
    void a_reader_finds_a_petition_by_another_form_of_a_word() {
        String german = publish("Mehr Bäume " + word, "Bitte pflanzen.", Map.of("language", "de"));
        String english = publish("Planting trees " + word, "Please.", Map.of());
        assertThat(found("de", "q", "baum " + word)).containsExactly(german);
        assertThat(found("en", "q", "plants tree " + word)).containsExactly(english);
        // The reader of another language finds the word as it is written.
        assertThat(found("en", "q", "BÄUME " + word)).containsExactly(german);
        assertThat(found("ar", "q", "trees " + word)).containsExactly(english);
        assertThat(found("en", "q", "\"planting trees\" " + word)).containsExactly(english);
        assertThat(found("en", "q", word + " -trees")).containsExactly(german);
    }

    @Test
    void a_word_of_the_title_counts_more_than_one_of_the_statement() {
        String title = publish("For " + word, "We ask for a bridge.", Map.of());
        String statement = publish("For a bridge", "We ask for " + word + ".", Map.of());
        assertThat(found("en", "q", word)).containsExactly(title, statement);
        assertThat(found("en", "q", word, "sort", "newest")).containsExactly(statement, title);
    }

    @Test
    void a_long_list_has_pages() {
        List<String> published = IntStream.range(0, 21)
                .mapToObj(i -> publish(word, "No " + i, Map.of()))
                .toList();
        Document first = Jsoup.parse(front("en", "q", word).body());
        assertThat(first.select(".list li")).hasSize(20);
        assertThat(first.text()).contains("Petitions found: 21", "Page 1 of 2");
        assertThat(first.select("a[rel=prev]")).isEmpty();
        String next = first.select("a[rel=next]").attr("href");
        assertThat(next).isEqualTo("/?q=" + word + "&page=2");
        Document second = Jsoup.parse(get(next).body());
        assertThat(Stream.concat(slugs(first).stream(), slugs(second).stream()))
                .containsExactlyInAnyOrderElementsOf(published);
        assertThat(second.select("a[rel=next]")).isEmpty();
        HttpProbe.Response beyond = front("en", "q", word, "page", "999999999");
        assertThat(beyond.status()).isEqualTo(404);
        assertThat(beyond.body()).contains("The list has no such page", "href=\"/\"");
    }

    @Test
    void a_petition_is_found_by_its_topic() {
        String green = publish(word, "One", Map.of("topics", List.of("environment", "human-rights")));
        publish(word, "Two", Map.of());
        assertThat(found("en", "q", word, "topic", "human-rights")).containsExactly(green);
        assertThat(found("en", "topic", "environment")).contains(green);
        Document page =
                Jsoup.parse(front("de", "q", word, "topic", "environment").body());
        assertThat(page.select(".list .topic").eachText()).containsExactly("Umwelt und Klima", "Menschenrechte");
        assertThat(page.select("option[selected]").text()).isEqualTo("Umwelt und Klima");
        assertThat(get("/api/petitions/" + green)
                        .json()
                        .get("topics")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly("environment", "human-rights");
    }

    @Test
    void a_petition_with_an_unknown_topic_is_refused() {
        ObjectNode petition = (ObjectNode) JSON.readTree(petition("no-topic-" + UUID.randomUUID()));
        petition.putArray("topics").add("health").add("trees");
        HttpProbe.Response refused = post("/api/petitions", petition.toString(), as(ORGANISER));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("topics[1]");
        petition.putArray("topics").add("health").add("animals").add("other").add("culture");
        assertThat(post("/api/petitions", petition.toString(), as(ORGANISER)).body())
                .contains("must be at most 3 different topics");
    }

    @Test
    void the_next_to_close_come_first_and_a_closed_petition_not_at_all() {
        String late = publish(word, "One", Map.of("closesAt", "2090-05-02T12:00:00Z"));
        String soon = publish(word, "Two", Map.of("closesAt", "2090-05-01T12:00:00Z"));
        String never = publish(word, "Three", Map.of());
        String closed = publish(word, "Four", Map.of("closesAt", "2090-04-01T12:00:00Z"));
        assertThat(post("/api/petitions/" + closed + "/close", "", as(ORGANISER))
                        .status())
                .isEqualTo(200);
        assertThat(found("en", "q", word, "sort", "closing")).containsExactly(soon, late);
        assertThat(found("en", "q", word, "sort", "newest")).containsExactly(closed, never, soon, late);
        assertThat(front("en", "q", word).body()).contains("Closed", "Closes on May 1, 2090");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=0",
                "page=-1",
                "page=x",
                "page=99999999999999999999",
                "sort=oldest",
                "topic=trees",
                "topic=%00",
                "q=a+b+c+d+e+f+g+h+i+j+k+l+m"
            })
    void a_mistake_in_the_address_is_explained(String query) {
        HttpProbe.Response page = get("/?" + query, "Accept-Language", "de");
        assertThat(page.status()).isEqualTo(422);
        assertThat(Jsoup.parse(page.body()).select("[role=alert]").text())
                .startsWith(query.startsWith("q") ? "Bitte suchen" : "Diese Liste");
        HttpProbe.Response api = get("/api/petitions?" + query);
        assertThat(api.status()).isEqualTo(422);
        assertThat(api.json().at("/errors/0/field").asString()).isEqualTo(query.split("=")[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; drop table petition_search; --",
                "<script>alert(1)</script>",
                "\"",
                "\"unclosed phrase",
                "or or or",
                "-",
                "--a -b",
                "& | ! ( ) <-> :* \\",
                "%_*?[a-z]",
                "\u0000\u0001\u001f",
                "\ud83c\udf33 \ufffd \ufdfa \u0344\u0344\u0344",
                "\u202eesrever",
                "{q} ${q} #{q} %41 +",
                "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z",
                "http://user:pass@example.org/a?b=c#d"
            })
    void whatever_a_reader_types_is_answered_with_a_page(String typed) {
        HttpProbe.Response answer = front("en", "q", typed);
        assertThat(answer.status()).isEqualTo(200);
        Document page = Jsoup.parse(answer.body());
        assertThat(page.select("script, [onerror]")).isEmpty();
        assertThat(page.select("nav a[hreflang=fr]").attr("href"))
                .startsWith("/?")
                .endsWith("lang=fr");
        assertThat(get(page.select("nav a[hreflang=fr]").attr("href")).status()).isEqualTo(200);
        assertThat(get("/api/petitions?" + parameters("q", typed)).status()).isEqualTo(200);
    }

    @Test
    void a_search_without_a_word_that_must_occur_finds_nothing() {
        publish(word, "One", Map.of());
        assertThat(found("en", "q", "-" + word)).isEmpty();
        assertThat(front("en", "q", "-" + word).body()).contains("No petition matches");
    }

    @Test
    void the_front_page_answers_only_get_and_head() {
        assertThat(send(java.net.http.HttpRequest.newBuilder(uri("/?q=" + word))
                                .method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()))
                        .status())
                .isEqualTo(200);
        assertThat(post("/?q=" + word, "{}").status()).isIn(403, 405);
    }

    @Test
    void programs_get_the_same_pages_with_links() {
        for (int i = 0; i < 21; i++) {
            publish(word, "No " + i, Map.of());
        }
        HttpProbe.Response first = get("/api/petitions?q=" + word);
        assertThat(first.json().size()).isEqualTo(20);
        assertThat(first.headers().firstValue("Total-Count")).contains("21");
        assertThat(first.headers().firstValue("Link")).contains("</api/petitions?q=" + word + "&page=2>; rel=\"next\"");
        HttpProbe.Response second = get("/api/petitions?q=" + word + "&page=2");
        assertThat(second.json().size()).isEqualTo(1);
        assertThat(second.headers().firstValue("Link")).contains("</api/petitions?q=" + word + ">; rel=\"prev\"");
        assertThat(get("/api/petitions?q=" + word + "&page=3").json().size()).isZero();
        assertThat(get("/api/petitions").json().size()).isGreaterThan(20);
    }

    /** So it is after the migration, and after a backup was restored below a running instance. */
    @Test
    void petitions_from_before_the_table_are_found() {
        String slug = publish(word, "Old", Map.of());
        assertThat(search.find(new SearchWords(word), Locale.ENGLISH).petitions())
                .hasSize(1);
        database.sql("delete from petition_search").update();
        database.sql("delete from reader_position where reader = 'petition-search'")
                .update();
        index.compareWithDatabase();
        assertThat(index.position()).isZero();
        index.follow();
        assertThat(search.find(new SearchWords(word), Locale.FRENCH).petitions())
                .containsExactly(new PetitionSlug(slug));
    }

    /** All instances fill the table. */
    @Test
    void words_that_another_instance_has_added_stay() {
        publish(word, "One", Map.of());
        search.find(new SearchWords(word), Locale.ENGLISH);
        database.sql("delete from reader_position where reader = 'petition-search'")
                .update();
        index.compareWithDatabase();
        index.follow();
        assertThat(search.find(new SearchWords(word), Locale.GERMAN).petitions())
                .hasSize(1);
    }
}
