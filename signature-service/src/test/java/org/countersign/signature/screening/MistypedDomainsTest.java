package org.countersign.signature.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Did you mean gmail.com?" */
class MistypedDomainsTest {

    private final MistypedDomains domains = new MistypedDomains();

    @ParameterizedTest
    @CsvSource({
        "anna@gmial.com, anna@gmail.com",
        "Anna+news@GMAIL.CON, Anna+news@gmail.com",
        "anna@gamil.com, anna@gmail.com",
        "anna@gmal.com, anna@gmail.com",
        "anna@gmaill.com, anna@gmail.com",
        "anna@gmial.con, anna@gmail.com",
        "anna@gmail.co, anna@gmail.com",
        "anna@gmail.cm, anna@gmail.com",
        "anna@hotmial.com, anna@hotmail.com",
        "anna@hotmil.co.uk, anna@hotmail.co.uk",
        "anna@htomial.com, anna@hotmail.com",
        "anna@yaho.com, anna@yahoo.com",
        "anna@outlok.de, anna@outlook.de",
        "anna@t-onlin.de, anna@t-online.de",
        "anna@gmx.ner, anna@gmx.net",
        "anna@old-town.con, anna@old-town.com",
        "anna@old-town.ogr, anna@old-town.org"
    })
    void a_typing_error_gets_a_question(String typed, String meant) {
        assertThat(domains.suggestion(typed)).contains(meant);
    }

    @Test
    void nobody_is_asked_about_a_domain_that_is_well_known_or_resembles_none() {
        assertThat(List.of(
                        "anna@gmail.com",
                        "anna@googlemail.com",
                        "anna@mail.com",
                        "anna@email.com",
                        "anna@hotmail.nl",
                        "anna@ymail.com",
                        "anna@gmx.de",
                        "anna@gmx.at",
                        "anna@gms.de",
                        "anna@wep.de",
                        "anna@we.com",
                        "anna@cloud.com",
                        "anna@example.org",
                        "anna@old-town.co",
                        "anna@mail.old-town.edu",
                        "anna@students.gmial.example",
                        "anna@xn--bcher-kva.de",
                        "anna@bücher.de"))
                .allSatisfy(
                        email -> assertThat(domains.suggestion(email)).as(email).isEmpty());
    }

    @Test
    void nobody_is_asked_about_text_that_is_no_address() {
        assertThat(domains.suggestion(null)).isEmpty();
        assertThat(List.of("", "gmial.com", "anna@", "anna@con", "a b@gmial.com", "anna@gmial..com"))
                .allSatisfy(text -> assertThat(domains.suggestion(text)).isEmpty());
    }

    @Test
    void every_well_known_domain_is_left_alone() {
        assertThat(DomainFile.read(DomainFile.resource("public-mail-providers.txt")))
                .allSatisfy(domain ->
                        assertThat(domains.suggestion("anna@" + domain)).isEmpty());
    }

    @Test
    void swapped_missing_added_and_other_letters_are_one_error_each() {
        assertThat(MistypedDomains.distance("gmial", "gmail")).isEqualTo(1);
        assertThat(MistypedDomains.distance("gmal", "gmail")).isEqualTo(1);
        assertThat(MistypedDomains.distance("gmaill", "gmail")).isEqualTo(1);
        assertThat(MistypedDomains.distance("gnail", "gmail")).isEqualTo(1);
        assertThat(MistypedDomains.distance("gamli", "gmail")).isEqualTo(2);
        assertThat(MistypedDomains.distance("a", "gmail")).isEqualTo(3);
    }
}
