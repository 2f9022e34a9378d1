package org.countersign.signature.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.countersign.signature.RunningService;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExportTest extends RunningService {

    /** Signs with a comment, confirms, and gives the tokens of the mails. */
    private JsonNode confirmed(String petition, String name, String email, String comment) {
        post("/api/petitions/" + petition + "/signatures", JSON.writeValueAsString(Map.of("name", name, "email", email, "country", "AM", "comment", comment)));
        String signature = database.sql("""
                        select e.stream::text from event e join petition_name p on p.id = e.petition
                        where p.slug = ? order by e.global_index desc limit 1""").param(petition).query(String.class).single();
        JsonNode tokens = mailData(signature, 1);
        withToken("verify", tokens.get("verifyToken").asString());
        return tokens;
    }

    @Test
    void an_organiser_gets_every_signature_that_counts_and_no_other() {
        String petition = publishedPetition();
        confirmed(petition, "Sona Signer", "sona@export.example", "So that \"they\" listen, at last");
        JsonNode withdrawn = confirmed(petition, "Ani Away", "ani@export.example", "");
        withToken("withdraw", withdrawn.get("withdrawToken").asString());
        sign(petition, "pending@export.example");
        JsonNode erased = confirmed(petition, "Nare Nobody", "nare@export.example", "");
        withToken("erase", erased.get("myDataToken").asString());
        confirmed(publishedPetition(), "Elsewhere", "else@export.example", "");

        Answer csv = get("/api/petitions/" + petition + "/signatures.csv", as(ORGANISER));
        assertThat(csv.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"" + petition + ".csv\"");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.get(0)).isEqualTo("name,email,country,comment,public,signedAt,verifiedAt");
        assertThat(lines.get(1)).startsWith("Sona Signer,sona@export.example,AM,\"So that \"\"they\"\" listen, at last\",false,20");
        assertThat(lines.get(2)).as("who was erased still counts").startsWith(",,AM,,false,20");
        assertThat(lines).hasSize(3);

        List<JsonNode> json = get("/api/petitions/" + petition + "/signatures.ndjson", as(ORGANISER)).body().lines().map(JSON::readTree).toList();
        assertThat(json).hasSize(2);
        assertThat(json.get(0).get("comment").asString()).isEqualTo("So that \"they\" listen, at last");
        assertThat(json.get(0).propertyNames()).containsExactly("name", "email", "country", "comment", "public", "signedAt", "verifiedAt");
    }

    @Test
    void nobody_else_gets_it() {
        String petition = publishedPetition();
        for (String file : List.of("csv", "ndjson")) {
            assertThat(get("/api/petitions/" + petition + "/signatures." + file).status()).isEqualTo(401);
            assertThat(get("/api/petitions/" + petition + "/signatures." + file, as(AUDITOR)).status()).isEqualTo(403);
            assertThat(get("/api/petitions/nowhere/signatures." + file, as(ORGANISER)).status()).isEqualTo(404);
        }
    }

    @Test
    void what_a_spreadsheet_would_take_for_a_formula_is_text() {
        for (String formula : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1")) {
            assertThat(Csv.line(List.of(formula))).isEqualTo("'" + formula + "\r\n");
        }
        assertThat(Csv.line(List.of("=HYPERLINK(\"x\",\"y\")", "a;b", "two\nlines", "plain"))).isEqualTo("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",\"a;b\",\"two\nlines\",plain\r\n");
    }
}
