package org.countersign.cli.privacy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The text of the report: a record of processing, and a template of the impact assessment. */
final class PrivacyReport {

    private static final String TO_FILL_IN = "*to be filled in*";

    private final JsonNode settings;

    private PrivacyReport(JsonNode settings) {
        this.settings = settings;
    }

    /**
     * Makes the report.
     *
     * @param settings the answer of {@code GET /api/privacy}
     * @param today the date of the report
     * @return Markdown
     */
    static String of(JsonNode settings, LocalDate today) {
        PrivacyReport report = new PrivacyReport(settings);
        return report.record(today) + report.assessment();
    }

    private String record(LocalDate today) {
        return """
                # Record of processing activities (Art. 30 GDPR)

                Made on %s from the configuration of %s. Complete what is marked *to be filled in*.

                | field | content |
                | --- | --- |
                | controller | %s |
                | contact | %s |
                | data protection officer, joint controllers, representative | %s |
                | purposes | %s |
                | legal basis | %s |
                | data subjects | signers, recipients of milestone mails, organisers |
                | categories of data of signers | name, e-mail address, country, comment, language, the choices about \
                name, updates and contact; a signature reveals a political opinion (Art. 9) |
                | categories of recipients | %s |
                | processors | the mail provider and the host of the servers: %s |
                | transfers to third countries | %s |

                ## Erasure

                | data | kept for |
                | --- | --- |
                | what the organisation promises | %s |
                | data of signers after the petition has closed | %s |
                | data of a signing that nobody confirms, and of held sign calls | %s |
                | signals of sign calls: keyed hashes of network and mail domain | %s |
                | entries of the access log | %s |
                | links of a mail to the stored data | %s |
                | backups with secrets of signers | %s |

                ## Technical and organisational measures (Art. 32)

                - Name, address and comment are encrypted with a key for each signing. An erasure destroys its secret,
                  so that no copy can be read, in the event log, in Kafka or in a backup of Kafka.
                - The id of a signature is a keyed hash. A sign call tells nobody whether an address has signed.
                - Every signature is confirmed by mail. Each mail links to withdrawal, access and erasure.
                - Logins, exports and reads of personal data are in the access log.
                - Events carry a MAC, and the public log proves that none was changed. It holds no personal data.

                ## Petitions

                | petition | notice | controller | explicit consent |
                | --- | --- | --- | --- |
                %s
                """.formatted(
                        today,
                        settings.path("publicUrl").asString(),
                        organisation("controller"),
                        organisation("contact"),
                        TO_FILL_IN,
                        organisation("purpose"),
                        settings.at("/organisation/consent").asBoolean(false)
                                ? "explicit consent (Art. 6(1)(a), Art. 9(2)(a))"
                                : TO_FILL_IN,
                        organisation("recipients"),
                        TO_FILL_IN,
                        TO_FILL_IN,
                        organisation("retention"),
                        days("afterClosing"),
                        days("unconfirmed"),
                        days("signals"),
                        days("accessLog"),
                        days("dataLinks"),
                        TO_FILL_IN,
                        String.join("\n", petitions()));
    }

    private String assessment() {
        return """

                # Data protection impact assessment (Art. 35 GDPR): template

                ## Description

                Signatures under petitions are collected at %s. The record above has purposes, data, recipients and
                erasure. Number of data subjects expected: %s.

                ## Necessity and proportionality

                - Why each category of data is needed for the purposes: %s
                - Why a signature needs no account, telephone number or document: a confirmed mail address is enough.
                - How signers are informed: the form shows a privacy notice. A signing names its version.
                - How signers exercise their rights: links in each mail, without a login.

                ## Risks for signers

                | risk | measure of the product | likelihood and severity | further measure |
                | --- | --- | --- | --- |
                | Somebody learns who has signed, and so a political opinion | encryption for each signing; equal \
                answers for known and unknown addresses; names only by choice, and with the day | %s | %s |
                | Somebody signs with the address of another person | confirmation by mail, with correction and \
                withdrawal | %s | %s |
                | Data is kept for longer than promised | automatic erasure after %s | %s | %s |
                | The list is used for other purposes | exports are logged; contact needs its own consent | %s | %s |
                | Loss of data or of the service | copies on several servers, backups, checks of durability | %s | %s |

                ## Opinion of the data protection officer and of data subjects

                %s
                """.formatted(
                        settings.path("publicUrl").asString(),
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        days("afterClosing"),
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN,
                        TO_FILL_IN);
    }

    private String organisation(String field) {
        JsonNode text = settings.path("organisation").path(field);
        return text.isString() ? cell(text.asString()) : TO_FILL_IN;
    }

    private String days(String field) {
        return settings.path("retentionDays").path(field).asLong() + " days";
    }

    private List<String> petitions() {
        List<String> rows = new ArrayList<>();
        settings.path("petitions").forEach(petition -> {
            JsonNode notice = petition.path("notice");
            rows.add("| %s | %s | %s | %s |"
                    .formatted(
                            petition.path("petition").asString(),
                            notice.isObject()
                                    ? "version " + notice.path("version").asInt()
                                    : "**none**",
                            notice.isObject() ? cell(notice.path("controller").asString()) : "",
                            notice.path("consent").asBoolean(false) ? "yes" : "no"));
        });
        return rows;
    }

    /** Returns a text as one cell of a table. Neither its line breaks nor its markup reach the document. */
    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_{}\\[\\]<>|#&])", "\\\\$1");
    }
}
