package org.countersign.signature.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.countersign.signature.RunningService;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class PublicSignersTest extends RunningService {

    /** Signs and confirms, and returns the mail data. */
    private TestMail confirmed(String petition, String name, boolean publicly) {
        return signAndConfirm(
                petition,
                Map.of(
                        "name",
                        name,
                        "email",
                        name.toLowerCase().replaceAll("[^a-z]", "") + "@named.example",
                        "country",
                        "AM",
                        "public",
                        publicly));
    }

    private List<Element> named(String petition) {
        return Jsoup.parse(get("/petitions/" + petition).body()).select(".signers ul");
    }

    private static List<String> names(Element list) {
        return list.select("bdi").eachText();
    }

    @Test
    void only_the_first_and_newest_public_signers_are_named() {
        String petition = publishedPetition();
        assertThat(named(petition)).isEmpty();
        confirmed(petition, "Ada One", true);
        TestMail two = confirmed(petition, "Ben Two", true);
        confirmed(petition, "Not Named", false);
        TestMail three = confirmed(petition, "Cleo Three", true);
        Stream.of("Dia Four", "Eli Five", "Fay Six", "Gil Seven", "Hana Eight")
                .forEach(name -> confirmed(petition, name, true));

        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(named(petition)).hasSize(2);
            assertThat(names(named(petition).get(0))).containsExactly("Hana Eight", "Gil Seven", "Fay Six");
            assertThat(names(named(petition).get(1)))
                    .containsExactly("Ada One", "Ben Two", "Cleo Three", "Dia Four", "Eli Five");
        });
        Element ada = named(petition).get(1).selectFirst("li");
        assertThat(ada.text())
                .startsWith("Ada One Armenia, ")
                .endsWith(Integer.toString(Year.now(ZoneOffset.UTC).getValue()));
        assertThat(ada.selectFirst("time").attr("datetime"))
                .as("the day, and not the time that joins a name to an entry of the public log")
                .matches("\\d{4}-\\d{2}-\\d{2}");

        withToken("withdraw", two.withdrawToken());
        withToken("erase", three.myDataToken());
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(names(named(petition).get(0))).containsExactly("Hana Eight");
            assertThat(names(named(petition).get(1)))
                    .containsExactly("Ada One", "Dia Four", "Eli Five", "Fay Six", "Gil Seven");
        });
    }
}
