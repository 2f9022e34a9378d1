package org.countersign.signature.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.countersign.signature.RunningService;
import org.countersign.signature.web.petition.PicturePage;
import org.countersign.signature.web.petition.WorldMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** How a shared petition looks on other sites, and how much its page loads. */
class SharingTest extends RunningService {

    private static final int MAX_PAGE_BYTES = 60_000;

    private HttpResponse<byte[]> load(String address) {
        return bytes(address, "Accept-Encoding", "gzip");
    }

    @ParameterizedTest
    @CsvSource({
        "en, Benches for those who wait for the ferry",
        "hy, Նստարաններ նրանց համար ովքեր սպասում են նավին",
        "ar, مقاعد لمن ينتظر العبّارة",
        "de, 'Für eine Bank, auf der alle Platz haben, die am Ufer des langen Sees auf die Fähre warten, auch wenn sie erst am Abend kommt und es bis dahin regnet'"
    })
    void the_preview_image_shows_title_count_and_goal(String language, String title) throws IOException {
        String petition = "shared-in-" + language;
        ObjectNode asked = (ObjectNode) JSON.readTree(petition(petition));
        assertThat(post(
                                "/api/petitions",
                                asked.put("title", title)
                                        .put("language", language)
                                        .toString(),
                                as(ORGANISER))
                        .status())
                .isEqualTo(201);
        Document page = Jsoup.parse(get("/petitions/" + petition).body());
        String address = page.select("meta[property=og:image]").attr("content");
        assertThat(address).startsWith("http").endsWith("/petitions/" + petition + "/picture.png?signatures=0");
        assertThat(page.select("meta[property='og:image:alt']").attr("content")).isEqualTo(title + ": 0 of 100");
        HttpResponse<byte[]> answer = load(address.replaceFirst("https?://[^/]+", ""));
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("max-age=30, public");
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(List.of(picture.getWidth(), picture.getHeight()))
                .containsExactly(PicturePage.WIDTH, PicturePage.HEIGHT);
        assertThat(inked(picture, 110, 330)).as("the title").isGreaterThan(4000);
        assertThat(inked(picture, 340, 450)).as("the number").isGreaterThan(2000);
        assertThat(inked(picture, 496, 550)).as("the goal").isGreaterThan(500);
        Files.write(Files.createDirectories(Path.of("target/pictures")).resolve(language + ".png"), answer.body());
    }

    /** Returns how many pixels between two rows differ from the background. */
    private static long inked(BufferedImage picture, int from, int to) {
        int paper = picture.getRGB(5, 5);
        return IntStream.range(from, to)
                .mapToLong(y -> IntStream.range(0, picture.getWidth())
                        .filter(x -> picture.getRGB(x, y) != paper)
                        .count())
                .sum();
    }

    private static long gzipped(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.size();
    }

    @Test
    void the_preview_image_of_an_unknown_petition_is_not_found() {
        assertThat(get("/petitions/no-such/picture.png").status()).isEqualTo(404);
    }

    @Test
    void the_petition_page_is_small_and_does_not_wait_for_a_script() throws IOException {
        String petition = publishedPetition();
        HttpResponse<byte[]> page = load("/petitions/" + petition);
        Document document = Jsoup.parse(get("/petitions/" + petition).body());
        assertThat(document.select("head script, script:not([defer], [type=module])"))
                .as("nothing waits for a script")
                .isEmpty();
        List<String> parts = new ArrayList<>();
        parts.addAll(document.select("link[rel=stylesheet], link[rel=icon]").eachAttr("href"));
        parts.addAll(document.select("script[src], img[src]").eachAttr("src"));
        assertThat(parts).contains("/style.css", "/live.js");
        long all = page.body().length
                + parts.stream()
                        .distinct()
                        .mapToLong(part -> load(part).body().length)
                        .sum();
        // Browsers load the map lazily, once the petition has a verified signature.
        all += gzipped(new WorldMap().svg(Map.of("AM", 1L, "DE", 3L)));
        assertThat(all).as("bytes over the wire").isLessThan(MAX_PAGE_BYTES);
        assertThat(parts.stream().map(this::load))
                .allMatch(part ->
                        part.headers().firstValue("Content-Encoding").orElse("").equals("gzip")
                                || part.body().length < 2048);
    }
}
