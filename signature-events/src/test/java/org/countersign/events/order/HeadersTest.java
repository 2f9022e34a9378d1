package org.countersign.events.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private final Headers<Map.Entry<String, String>> headers =
            new Headers<>(Map.Entry::getKey, header -> header.getValue().getBytes(StandardCharsets.UTF_8));

    @SafeVarargs
    private void turnTo(Map.Entry<String, String>... record) {
        headers.of(record);
    }

    @Test
    void finds_each_header_by_its_name_wherever_the_record_before_had_it() {
        turnTo(Map.entry("first", "1"), Map.entry("second", "2"));
        assertThat(headers.apply("second")).asString().isEqualTo("2");
        turnTo(Map.entry("first", "3"), Map.entry("second", "4"));
        assertThat(headers.apply("second")).asString().isEqualTo("4");
        turnTo(Map.entry("second", "5"), Map.entry("first", "6"));
        assertThat(headers.apply("second")).asString().isEqualTo("5");
        assertThat(headers.apply("first")).asString().isEqualTo("6");
        turnTo(Map.entry("first", "7"));
        assertThat(headers.apply("second")).isNull();
        assertThat(headers.apply("third")).isNull();
    }
}
