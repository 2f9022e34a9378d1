package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SigningRepeated;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the public sees of counts does not depend on events that are not public. */
class PublicCountsTest extends RunningCounter {

    private static final List<String> PUBLIC_CALLS = List.of(
            "/counts",
            "/counts/history?bucket=minute",
            "/counts/history?bucket=hour",
            "/counts/history?bucket=day",
            "/counts/pace",
            "/counts/countries",
            "/milestones");

    private final PetitionSlug petition = petition(List.of(), 100);

    @Test
    void sign_calls_change_no_byte_and_no_header_of_public_counts() {
        Signer known = Signer.of(petition, "AM").signs();
        known.verifies(1);
        awaitShown(petition, 1);
        Map<String, String> before = publicAnswers();

        signLater(petition, Duration.ofHours(3));
        happens(new SigningRepeated(
                known.id(),
                petition,
                NOON.plus(Duration.ofDays(2)),
                1,
                known.country(),
                SignatureStatus.VERIFIED,
                Optional.empty()));
        awaitCaughtUp();

        assertThat(funnel(petition).json().get("asOfIndex").asLong()).isEqualTo(lastIndex() - 1);
        assertThat(publicAnswers()).isEqualTo(before);
    }

    @Test
    void sign_calls_wake_no_stream() throws IOException {
        awaitShown(petition, 0);
        try (Socket stream = new Socket(InetAddress.getLoopbackAddress(), fanOut.port())) {
            stream.getOutputStream()
                    .write(("GET /api/petitions/" + petition + "/counts/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            readUntil(stream.getInputStream(), "\"position\":");
            readUntil(stream.getInputStream(), "\n\n");

            Signer.of(petition, "AM").signs();
            awaitCaughtUp();

            stream.setSoTimeout(1000);
            assertThatThrownBy(() -> stream.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("the stream ended").isNotNegative();
            read.append((char) next);
        }
    }

    @Test
    void a_minute_in_which_people_only_signed_is_not_in_the_public_history() {
        Signer.of(petition, "AM").signs().verifies(1);
        signLater(petition, Duration.ofMinutes(10));
        awaitShown(petition, 1);
        awaitCaughtUp();

        JsonNode shown = get("/api/petitions/" + petition + "/counts/history?bucket=minute")
                .json();
        assertThat(shown.size()).isEqualTo(1);
        assertThat(shown.get(0).propertyNames()).containsExactly("start", "verified", "total");
        JsonNode funnel = get(
                        "/api/petitions/" + petition + "/funnel/history?bucket=minute",
                        HttpProbe.basic("organiser:" + ORGANISER_PASSWORD))
                .json();
        assertThat(funnel.size()).isEqualTo(2);
        assertThat(funnel.get(1).toString())
                .isEqualTo("{\"start\":\"2030-05-01T12:10:00Z\",\"signed\":1,\"verified\":0,\"total\":1}");
    }

    @Test
    void organisers_and_auditors_see_the_signatures_by_status() {
        Signer.of(petition, "AM").signs().verifies(1);
        Signer.of(petition, "AM").signs();
        Signer gone = Signer.of(petition, "DE").signs();
        gone.verifies(1);
        gone.withdraws(1);
        awaitCounted();

        String path = "/api/petitions/" + petition + "/funnel";
        JsonNode funnel = funnel(petition).json();
        assertThat(funnel.toString())
                .isEqualTo("{\"petition\":\"" + petition + "\",\"pending\":1,\"verified\":1,\"withdrawn\":1,"
                        + "\"expired\":0,\"invalidated\":0,\"asOfIndex\":" + lastIndex() + "}");
        HttpProbe.Response organiser = get(path, HttpProbe.basic("organiser:" + ORGANISER_PASSWORD));
        assertThat(organiser.json()).isEqualTo(funnel);
        assertThat(organiser.headers().firstValue("Cache-Control").orElseThrow())
                .contains("no-store");
        assertThat(get(path).status()).isEqualTo(401);
        assertThat(get(path + "/history").status()).isEqualTo(401);
        assertThat(get(path, HttpProbe.basic("auditor:guess")).status()).isEqualTo(401);
        assertThat(get("/api/petitions/no-such/funnel", HttpProbe.basic("auditor:" + AUDITOR_PASSWORD))
                        .status())
                .isEqualTo(404);
    }

    private static void signLater(PetitionSlug petition, Duration later) {
        Signer signer = Signer.of(petition, "FR");
        happens(new PetitionSigned(
                signer.id(),
                petition,
                NOON.plus(later),
                1,
                signer.country(),
                SignatureStatus.NONE,
                false,
                false,
                new Sealed(new byte[] {1})));
    }

    private void awaitShown(PetitionSlug shown, long verified) {
        await().atMost(PATIENCE).until(() -> count(shown, "verified") == verified && count(shown, "position") > 0);
    }

    /** Waits until what is shown contains all that has happened: a petition that comes after it. */
    private void awaitCaughtUp() {
        awaitShown(petition(List.of(), 100), 0);
    }

    private Map<String, String> publicAnswers() {
        Map<String, String> answers = new TreeMap<>();
        for (String call : PUBLIC_CALLS) {
            HttpProbe.Response answer = get("/api/petitions/" + petition + call);
            Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
            headers.remove("date");
            answers.put(call, answer.status() + " " + headers + " " + answer.body());
        }
        answers.put("/api/milestones", get("/api/milestones").body());
        return answers;
    }
}
