package org.countersign.cli.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator reads about the records of the sender's domain. */
class MailCheckTest {

    private static final String DOMAIN = "sign.example";

    private final Map<String, List<String>> records = new HashMap<>(Map.of(
            "MX sign.example", List.of("10 mail.sign.example."),
            "TXT sign.example", List.of("some other text", "v=spf1 include:provider.example -all"),
            "TXT provider.example", List.of("v=spf1 ip4:192.0.2.0/24 ~all"),
            "TXT 2030a._domainkey.sign.example", List.of("v=DKIM1; k=rsa; p=" + rsa(2048)),
            "TXT _dmarc.sign.example", List.of("v=DMARC1; p=quarantine; rua=mailto:dmarc@sign.example")));

    private static String rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> check(String domain, String... selectors) {
        MailCheck check = new MailCheck((name, type) -> records.getOrDefault(type + " " + name, List.of()));
        return check.check(domain, List.of(selectors)).stream()
                .map(MailFinding::line)
                .toList();
    }

    @Test
    void good_records_leave_nothing_to_do() {
        assertThat(check(DOMAIN, "2030a"))
                .allSatisfy(line -> assertThat(line).startsWith("ok"))
                .last()
                .asString()
                .contains("DKIM and SPF");
    }

    @Test
    void a_domain_without_records_reads_what_to_add() {
        records.clear();
        assertThat(check(DOMAIN, "2030a"))
                .anySatisfy(line -> assertThat(line).startsWith("MEND MX"))
                .anySatisfy(line -> assertThat(line).startsWith("MEND SPF").contains("v=spf1 include:PROVIDER -all"))
                .anySatisfy(line -> assertThat(line).startsWith("MEND DKIM").contains("2030a._domainkey.sign.example"))
                .anySatisfy(line -> assertThat(line).startsWith("MEND DMARC").contains("v=DMARC1; p=none"));
    }

    @Test
    void a_policy_of_a_domain_above_holds() {
        records.put("TXT _dmarc.sign.example", List.of("v=DMARC1; p=none; sp=reject; rua=mailto:dmarc@sign.example"));
        assertThat(check("news.sign.example")).contains("ok   DMARC: _dmarc.sign.example has the policy reject");
        assertThat(check(DOMAIN)).anySatisfy(line -> assertThat(line).startsWith("hint DMARC"));
    }

    @Test
    void faults_of_spf_are_named() {
        records.put("TXT sign.example", List.of("v=spf1 -all", "v=spf1 mx -all"));
        assertThat(check(DOMAIN)).anySatisfy(line -> assertThat(line).contains("2 records"));
        records.put("TXT sign.example", List.of("v=spf1 +all"));
        assertThat(check(DOMAIN)).anySatisfy(line -> assertThat(line).contains("everybody"));
        records.put("TXT sign.example", List.of("v=spf1 a mx a:b a:c a:d a:e a:f a:g a:h a:i a:j -all"));
        assertThat(check(DOMAIN)).anySatisfy(line -> assertThat(line).contains("more than 10 look-ups"));
        records.put("TXT sign.example", List.of("v=spf1 include:sign.example include:loop.example -all"));
        records.put("TXT loop.example", List.of("v=spf1 include:sign.example redirect=loop.example"));
        assertThat(check(DOMAIN))
                .as("a loop ends")
                .anySatisfy(line -> assertThat(line).startsWith("ok   SPF"));
    }

    @Test
    void faults_of_keys_are_named() {
        records.put("TXT weak._domainkey.sign.example", List.of("v=DKIM1; p=" + rsa(1024)));
        records.put("TXT none._domainkey.sign.example", List.of("v=DKIM1; p="));
        records.put("TXT odd._domainkey.sign.example", List.of("v=DKIM1; k=ed25519; p=" + rsa(1024)));
        records.put("TXT text._domainkey.sign.example", List.of("v=DKIM1; p=!"));
        String ed25519 = Base64.getEncoder().encodeToString(new byte[32]);
        records.put("TXT ed._domainkey.sign.example", List.of("v=DKIM1; k=ed25519; t=y; p=" + ed25519));
        assertThat(check(DOMAIN, "weak", "none", "odd", "text", "ed"))
                .anySatisfy(line -> assertThat(line).contains("1024 bits"))
                .anySatisfy(line -> assertThat(line).contains("was revoked"))
                .anySatisfy(line -> assertThat(line).contains("is no Ed25519 key"))
                .anySatisfy(line -> assertThat(line).contains("no readable key"))
                .anySatisfy(line -> assertThat(line).startsWith("hint DKIM").contains("test mode"));
    }

    @Test
    void a_long_record_in_pieces_is_one_text() {
        assertThat(DnsTexts.joined("\"v=DKIM1; k=rsa; p=MIIB\" AQAB \"a \\\"b\\\"\""))
                .isEqualTo("v=DKIM1; k=rsa; p=MIIBAQABa \"b\"");
        assertThat(DnsTexts.joined("v=spf1")).isEqualTo("v=spf1");
    }
}
