package org.countersign.support.ndjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NdjsonWriterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final NdjsonWriter writer = new NdjsonWriter(out);

    @Test
    void writes_one_object_a_line_that_begins_with_its_kind() {
        writer.write("counts", Map.of("verified", 3));
        writer.end(Map.of("upTo", 7));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"is":"counts","verified":3}
                {"is":"end","upTo":7}
                """);
    }

    @Test
    void a_failure_line_gives_the_reason() {
        writer.failed("Kafka is away. Try again.");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"is\":\"failed\",\"reason\":\"Kafka is away. Try again.\"}\n");
    }

    @Test
    void a_closed_connection_ends_the_work() {
        NdjsonWriter broken = new NdjsonWriter(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("closed");
            }
        });
        assertThatThrownBy(() -> broken.progress(1, 2)).isInstanceOf(UncheckedIOException.class);
    }
}
