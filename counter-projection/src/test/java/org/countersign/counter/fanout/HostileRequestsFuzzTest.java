package org.countersign.counter.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What strangers send to the port that counts are asked for at. */
class HostileRequestsFuzzTest {

    private static final byte[] END = {'\r', '\n', '\r', '\n'};
    private static final Pattern ANSWER = Pattern.compile(
            "HTTP/1\\.1 (200|304|404) [^\\r\\n]*\\r\\n([A-Za-z-]+: [^\\r\\n]*\\r\\n)+\\r\\n[^\\r]*", Pattern.DOTALL);

    private final HttpResponses answers = new HttpResponses(petition -> null, List.of("https://petitions.example"));

    @FuzzTest
    void a_head_is_parsed_or_passed_on_and_never_echoed(byte[] input) {
        byte[] head = Arrays.copyOf(input, input.length + END.length);
        System.arraycopy(END, 0, head, input.length, END.length);
        String[] lines = HeadSyntax.lines(head, head.length);
        if (HeadSyntax.problem(lines).isPresent()) {
            return;
        }
        assertThat(lines).allMatch(line -> line.chars().allMatch(one -> one == '\t' || one >= ' '));
        RequestHead request = RequestHead.parse(lines);
        if (request == null || !answers.isAllowed(request.origin())) {
            return;
        }
        assertThat(request.petition()).matches("[a-z0-9-]{1,100}");
        assertThat(new String(answers.counts(request), java.nio.charset.StandardCharsets.ISO_8859_1))
                .matches(ANSWER);
    }
}
