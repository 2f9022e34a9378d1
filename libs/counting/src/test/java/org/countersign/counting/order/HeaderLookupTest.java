package org.countersign.counting.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderLookupTest {

    private final HeaderLookup<Map.Entry<String, String>> headers = new HeaderLookup<>(
            Map.Entry::getKey, header -> header.getValue().getBytes(StandardCharsets.UTF_8), "index");

    @SafeVarargs
    private void turnTo(Map.Entry<String, String>... record) {
        headers.select(record);
    }

    private void expect(String name, String value) {
        assertThat(headers.apply(name)).asString().isEqualTo(value);
    }

    @Test
    void finds_each_header_by_its_name_in_records_of_any_layout() {
        turnTo(Map.entry("type", "a"), Map.entry("index", "1"));
        expect("index", "1");
        turnTo(Map.entry("type", "b"), Map.entry("index", "2"));
        expect("type", "b");
        turnTo(Map.entry("index", "3"), Map.entry("type", "c"));
        expect("type", "c");
        turnTo(Map.entry("index", "4"), Map.entry("type", "d"), Map.entry("index", "5"));
        expect("index", "4");
        turnTo(Map.entry("type", "e"));
        assertThat(headers.apply("index")).isNull();
        expect("type", "e");
    }

    @Test
    void a_record_of_another_layout_is_resolved_by_name() {
        turnTo(Map.entry("type", "a"), Map.entry("time", "noon"), Map.entry("index", "1"));
        assertThat(headers.resolveByName()).isFalse();
        turnTo(Map.entry("time", "night"), Map.entry("type", "b"), Map.entry("index", "2"));
        assertThat(headers.resolveByName()).isTrue();
        expect("time", "night");
        assertThat(headers.resolveByName()).isFalse();
    }
}
