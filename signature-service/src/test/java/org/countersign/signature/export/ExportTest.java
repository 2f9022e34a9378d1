package org.countersign.signature.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExportTest extends RunningService {

    /** Signs with a comment, confirms, and returns the mail data. */
    private TestMail confirmed(String petition, String name, String email, String comment) {
        return signAndConfirm(petition, Map.of("name", name, "email", email, "country", "AM", "comment", comment));
    }

    @Test
    void an_organiser_exports_exactly_the_verified_signatures() {
        String petition = publishedPetition();
        confirmed(petition, "Sona Signer", "sona@export.example", "So that \"they\" listen, at last");
        TestMail withdrawn = confirmed(petition, "Ani Away", "ani@export.example", "");
        withToken("withdraw", withdrawn.withdrawToken());
        sign(petition, "pending@export.example");
        TestMail erased = confirmed(petition, "Nare Nobody", "nare@export.example", "");
        withToken("erase", erased.myDataToken());
        confirmed(publishedPetition(), "Elsewhere", "else@export.example", "");

        HttpProbe.Response csv = get("/api/petitions/" + petition + "/signatures.csv", as(ORGANISER));
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"" + petition + ".csv\"");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.get(0)).isEqualTo("name,email,country,comment,public,signedAt,verifiedAt");
        assertThat(lines.get(1))
                .startsWith("Sona Signer,sona@export.example,AM,\"So that \"\"they\"\" listen, at last\",false,20");
        assertThat(lines.get(2)).as("an erased signature still counts").startsWith(",,AM,,false,20");
        assertThat(lines).hasSize(3);

        List<JsonNode> json = get("/api/petitions/" + petition + "/signatures.ndjson", as(ORGANISER))
                .body()
                .lines()
                .map(JSON::readTree)
                .toList();
        assertThat(json).hasSize(2);
        assertThat(json.get(0).get("comment").asString()).isEqualTo("So that \"they\" listen, at last");
        assertThat(json.get(0).propertyNames())
                .containsExactly("name", "email", "country", "comment", "public", "signedAt", "verifiedAt");
        assertThat(lines.subList(1, 3))
                .as("the day, and not the time that joins a name to an entry of the public log")
                .allMatch(line -> line.matches(".*,\\d{4}-\\d{2}-\\d{2},\\d{4}-\\d{2}-\\d{2}"));
        assertThat(json)
                .extracting(line -> line.get("verifiedAt").asString())
                .allMatch(day -> day.matches("\\d{4}-\\d{2}-\\d{2}"));
    }

    @Test
    void an_export_with_ids_has_the_signature_id_last_and_its_own_access_log_entries() {
        String petition = publishedPetition();
        confirmed(petition, "Sona Signer", "sona@ids.example", "");
        String id = newestSignature(petition);
        String path = "/api/petitions/" + petition + "/signatures";
        List<String> plain = get(path + ".csv", as(ORGANISER)).body().lines().toList();
        List<String> lines =
                get(path + ".csv?ids=true", as(ORGANISER)).body().lines().toList();
        assertThat(lines).containsExactly(plain.get(0) + ",signatureId", plain.get(1) + "," + id);
        JsonNode json =
                JSON.readTree(get(path + ".ndjson?ids=true", as(ORGANISER)).body());
        assertThat(json.propertyNames())
                .containsExactly(
                        "name", "email", "country", "comment", "public", "signedAt", "verifiedAt", "signatureId");
        assertThat(json.get("signatureId").asString()).isEqualTo(id);
        assertThat(get(path + ".csv?ids=false", as(ORGANISER)).body().lines().toList())
                .isEqualTo(plain);
        for (String end : List.of(".csv?ids=maybe", ".ndjson?ids=maybe")) {
            HttpProbe.Response wrong = get(path + end, as(ORGANISER));
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.json().get("errors").get(0).get("field").asString())
                    .isEqualTo("ids");
        }
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.sql(
                                        "select action from access_log where object = ? and action like '%with ids'"
                                                + " order by id")
                                .param(petition)
                                .query(String.class)
                                .list())
                        .containsExactlyInAnyOrder(
                                "export signatures with ids",
                                "exported signatures with ids",
                                "export signatures with ids",
                                "exported signatures with ids"));
    }

    @Test
    void the_handover_document_shows_any_alphabet() throws IOException {
        String title = "Նստարան լորենու տակ";
        String petition = post(
                        "/api/petitions",
                        JSON.writeValueAsString(Map.of(
                                "title",
                                title,
                                "slug",
                                "linden-" + UUID.randomUUID(),
                                "statement",
                                "We ask for a **bench**.\n\n![picture](http://127.0.0.1:1/picture.png)\n\n"
                                        + "مقعد تحت الشجرة",
                                "recipients",
                                List.of("Քաղաքային խորհուրդ"),
                                "goal",
                                50,
                                "milestones",
                                List.of(1),
                                "organiser",
                                Map.of("name", "Ռուբեն", "email", "ruben@export.example"))),
                        as(ORGANISER))
                .json()
                .get("slug")
                .asString();
        confirmed(petition, "Sona Signer", "sona@export.example", "");
        withToken(
                "withdraw",
                confirmed(petition, "Ani Away", "ani@export.example", "").withdrawToken());
        long last = database.sql("select last_index from log_head")
                .query(Long.class)
                .single();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> database.sql("select event_index from tree_progress")
                                .query(Long.class)
                                .single()
                        >= last);

        HttpResponse<byte[]> response = bytes("/api/petitions/" + petition + "/handover.pdf", as(ORGANISER));
        assertThat(response.headers().firstValue("Content-Type")).contains("application/pdf");
        try (PDDocument document = Loader.loadPDF(response.body())) {
            PDFTextStripper stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            String text = stripper.getText(document);
            assertThat(text)
                    .contains(
                            title,
                            "Քաղաքային խորհուրդ",
                            "We ask for a bench.",
                            "1\nsignatures, each confirmed",
                            "the goal is 50",
                            "Armenia 1",
                            "by Ռուբեն",
                            get("/log/key").body().strip().substring(0, 30))
                    .doesNotContain("Sona")
                    .doesNotContain("sona@")
                    .doesNotContain("#");
            assertThat(text)
                    .contains(get("/log/checkpoint").body().lines().findFirst().orElseThrow())
                    .containsPattern("Signatures Reached \\(UTC\\) Entry\n1 ");
        }
    }

    @Test
    void only_organisers_export() {
        String petition = publishedPetition();
        for (String file : List.of("signatures.csv", "signatures.ndjson", "handover.pdf")) {
            assertThat(get("/api/petitions/" + petition + "/" + file).status()).isEqualTo(401);
            assertThat(get("/api/petitions/" + petition + "/" + file, as(AUDITOR))
                            .status())
                    .isEqualTo(403);
            assertThat(get("/api/petitions/nowhere/signatures." + file, as(ORGANISER))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void formulas_are_exported_as_text() {
        for (String formula : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1")) {
            assertThat(CsvWriter.line(List.of(formula))).isEqualTo("'" + formula + "\r\n");
        }
        assertThat(CsvWriter.line(List.of("=HYPERLINK(\"x\",\"y\")", "a;b", "two\nlines", "plain")))
                .isEqualTo("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",\"a;b\",\"two\nlines\",plain\r\n");
    }
}
