package org.countersign.signature.web.petition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class WorldMapTest {

    private final WorldMap map = new WorldMap();

    private Document drawn(Map<String, Long> counts) {
        return Jsoup.parse(map.svg(counts), Parser.xmlParser());
    }

    @Test
    void a_country_with_more_signatures_is_darker() {
        Document drawn = drawn(Map.of("AM", 1000L, "FR", 30L, "DE", 1L, "XK", 5L, "NL", 0L));
        assertThat(drawn.select("g path").eachAttr("id")).containsExactlyInAnyOrder("AM", "FR", "DE");
        assertThat(drawn.select("#AM").attr("fill-opacity")).isEqualTo("1.0");
        assertThat(drawn.select("#FR").attr("fill-opacity")).isEqualTo("0.62");
        assertThat(drawn.select("#DE").attr("fill-opacity")).isEqualTo("0.25");
        assertThat(drawn.select("svg > path").attr("d")).startsWith("M").hasSizeGreaterThan(30_000);
    }

    @Test
    void a_map_of_no_or_one_signature_is_drawn() {
        assertThat(drawn(Map.of()).select("g path")).isEmpty();
        assertThat(drawn(Map.of("AM", 1L)).select("#AM").attr("fill-opacity")).isEqualTo("1.0");
    }
}
