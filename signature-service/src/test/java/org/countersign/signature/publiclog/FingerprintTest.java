package org.countersign.signature.publiclog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.countersign.signature.RunningService;
import org.countersign.transparency.PetitionText;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Page, document, receipt and public log show one fingerprint. */
class FingerprintTest extends RunningService {

    private static final String EXPECTED = new PetitionText(
                    "A bench under the lime tree",
                    "Please put a *bench* there.",
                    List.of("The Town Council"),
                    100,
                    "en")
            .fingerprint();

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "hy", "ar"})
    void the_page_of_a_petition_prints_its_fingerprint(String language) {
        String petition = publishedPetition();
        Element fingerprint = Jsoup.parse(get("/petitions/" + petition, "Accept-Language", language)
                        .body())
                .expectFirst(".fingerprint");
        assertThat(fingerprint.expectFirst("summary code").text()).isEqualTo(PetitionText.abbreviate(EXPECTED));
        assertThat(fingerprint.expectFirst("p code").text()).isEqualTo(EXPECTED);
        assertThat(fingerprint.text()).doesNotContain("??");
    }

    @Test
    void the_hand_over_document_prints_the_fingerprint_of_the_log() throws Exception {
        String petition = publishedPetition();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> bytes("/api/petitions/" + petition + "/handover.pdf", as(ORGANISER))
                                .statusCode()
                        == 200);
        try (PDDocument document = Loader.loadPDF(bytes("/api/petitions/" + petition + "/handover.pdf", as(ORGANISER))
                .body())) {
            assertThat(new PDFTextStripper().getText(document).replaceAll("\\s", ""))
                    .contains(EXPECTED);
        }
        assertThat(database.sql("select text from logged_petition where petition = ?")
                        .param(petition)
                        .query(String.class)
                        .single())
                .isEqualTo(EXPECTED);
    }
}
