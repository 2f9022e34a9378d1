package org.countersign.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.Examples;
import org.countersign.events.SignatureEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a move quickly says what the JSON parser says, or nothing. */
class TransitionParserTest {

    @Test
    void reads_every_signature_event_as_it_is_written() {
        Examples.ofEachType().stream()
                .filter(SignatureEvent.class::isInstance)
                .map(SignatureEvent.class::cast)
                .forEach(event -> assertThat(TransitionParser.read(EventJson.data(event)))
                        .isEqualTo(TransitionJson.readAnyForm(EventType.of(event), EventJson.data(event)))
                        .isEqualTo(new StatusTransition(event.was(), event.becomes(), event.country())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "null",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\"} ",
                "{\"round\":01,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\"}",
                "{\"round\":1,\"country\":\"ZZ\",\"was\":\"none\",\"becomes\":\"pending\"}",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pendings\"}",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\",}",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\",\"reason\":\"a \\\"quote\"}",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\",\"country\":\"DE\"}",
                "{\"round\":1,\"country\":\"AM\",\"was\":\"none\",\"becomes\":\"pending\",\"more\":[1]}",
                "{\"country\":\"AM\",\"round\":1,\"was\":\"none\",\"becomes\":\"pending\"}"
            })
    void leaves_other_forms_to_the_parser(String data) {
        assertThat(TransitionParser.read(data.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void never_reads_what_the_parser_would_read_otherwise() {
        Random random = new Random(4711);
        byte[][] events = Examples.ofEachType().stream()
                .filter(SignatureEvent.class::isInstance)
                .map(EventJson::data)
                .toArray(byte[][]::new);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] data = mutated(events[random.nextInt(events.length)], random);
            StatusTransition move = TransitionParser.read(data);
            if (move != null) {
                read++;
                assertThat(TransitionJson.readAnyForm(EventType.PETITION_SIGNED, data))
                        .as(new String(data, StandardCharsets.ISO_8859_1))
                        .isEqualTo(move);
            }
        }
        assertThat(read).as("mutations that are still readable").isPositive();
    }

    private static byte[] mutated(byte[] event, Random random) {
        byte[] data = event.clone();
        int kind = random.nextInt(3);
        if (kind == 0) {
            data[random.nextInt(data.length)] = (byte) random.nextInt(256);
        } else if (kind == 1) {
            return Arrays.copyOf(data, random.nextInt(data.length));
        } else {
            int from = random.nextInt(data.length);
            int to = random.nextInt(data.length);
            System.arraycopy(event, from, data, to, Math.min(random.nextInt(12), data.length - Math.max(from, to)));
        }
        return data;
    }
}
