package org.countersign.support.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlArraysTest {

    @Test
    void writes_numbers_and_names() {
        assertThat(SqlArrays.literal(List.of())).isEqualTo("{}");
        assertThat(SqlArrays.literal(List.of(50L, 250L))).isEqualTo("{50,250}");
        assertThat(SqlArrays.literal(List.of("milestone.reached"))).isEqualTo("{milestone.reached}");
    }

    @Test
    void rejects_what_would_need_quotes() {
        for (String hostile : List.of("", "a,b", "a}", "\"", "a b", "NULL ")) {
            assertThatThrownBy(() -> SqlArrays.literal(List.of(hostile))).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
