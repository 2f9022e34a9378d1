package org.countersign.counter.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.regex.Pattern;

/** What strangers send to the port that counts are asked for at. */
class HostileRequestsFuzzTest {

    private static final Pattern ANSWER = Pattern.compile(
            "HTTP/1\\.1 (200|304|404) [^\\r\\n]*\\r\\n([A-Za-z-]+: [^\\r\\n]*\\r\\n)+\\r\\n[^\\r]*", Pattern.DOTALL);

    private final HttpResponses answers = new HttpResponses(petition -> null, List.of("https://petitions.example"));

    @FuzzTest
    void a_head_is_parsed_or_passed_on_and_never_echoed(byte[] head) {
        RequestHead request = RequestHead.parse(head, head.length);
        if (request == null || !answers.isAllowed(request.origin())) {
            return;
        }
        assertThat(request.petition()).matches("[a-z0-9-]{1,100}");
        assertThat(new String(answers.counts(request), java.nio.charset.StandardCharsets.ISO_8859_1))
                .matches(ANSWER);
    }
}
