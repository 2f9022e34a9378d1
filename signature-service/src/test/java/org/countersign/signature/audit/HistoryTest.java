package org.countersign.signature.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HistoryTest extends RunningService {

    @Test
    void a_petitions_history_is_read_in_parts_and_up_to_a_time() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        sign(publishedPetition(), "sona@example.org");
        sign(petition, "ani@example.org");

        List<JsonNode> all = history(petition, "");
        assertThat(all)
                .extracting(line -> line.get("type").asString())
                .containsExactly("PetitionPublished", "PetitionSigned", "PetitionSigned");
        assertThat(all)
                .allSatisfy(line -> assertThat(line.propertyNames())
                        .containsExactly("index", "id", "type", "time", "petition", "signature", "data"));
        assertThat(all.get(0).get("signature").isNull()).isTrue();
        assertThat(all.get(1).get("petition").asString()).isEqualTo(petition);
        assertThat(all.get(1).get("data").get("country").asString()).isEqualTo("AM");

        long secondIndex = all.get(1).get("index").asLong();
        assertThat(history(petition, "?from=" + secondIndex)).containsExactly(all.get(1), all.get(2));
        assertThat(history(petition, "?from=" + secondIndex + "&limit=1")).containsExactly(all.get(1));
        assertThat(history(petition, "?at=" + secondIndex)).containsExactly(all.get(0), all.get(1));
        assertThat(history(petition, "?at=" + all.get(2).get("time").asString()))
                .isEqualTo(all);
        assertThat(history(petition, "?at=2001-01-01T00:00:00Z")).isEmpty();
        assertThat(get("/api/petitions/" + petition + "/history?from=x", as(AUDITOR))
                        .status())
                .isEqualTo(422);
        assertThat(get("/api/petitions/" + petition + "/history?at=yesterday", as(AUDITOR))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void a_signatures_history_has_all_its_events() {
        String petition = publishedPetition();
        sign(petition, "sona@example.org");
        String signature = onlySignature(petition);
        withToken("verify", mailData(signature, 1).confirmToken());
        HttpProbe.Response response = get("/api/signatures/" + signature + "/history", as(AUDITOR));
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(response.body()
                        .lines()
                        .map(line -> JSON.readTree(line).get("type").asString()))
                .containsExactly("PetitionSigned", "SignatureVerified");
    }

    private List<JsonNode> history(String petition, String query) {
        return get("/api/petitions/" + petition + "/history" + query, as(AUDITOR))
                .body()
                .lines()
                .map(JSON::readTree)
                .toList();
    }
}
