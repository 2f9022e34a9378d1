package org.countersign.signature.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.countersign.signature.application.SignatureForm;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.Rejection;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.signature.rendering.StatementRenderer;
import org.countersign.signature.token.LinkPurpose;
import org.countersign.signature.token.LinkTokens;
import org.countersign.support.keys.KeyRing;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Untrusted input is accepted or rejected with the name of a field, and has no other effect. */
class HostileInputFuzzTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final LinkTokens TOKENS = new LinkTokens(
            KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(new byte[32])), Clock.systemUTC());
    private static final StatementRenderer STATEMENT = new StatementRenderer();

    @FuzzTest
    void an_address_has_one_canonical_form_and_no_line_break(@NotNull String text) {
        try {
            EmailAddress address = EmailAddress.parse(text);
            assertThat(address.typed()).doesNotContainPattern(CONTROL).hasSizeLessThanOrEqualTo(254);
            assertThat(address.canonical())
                    .isEqualTo(address.canonical().toLowerCase(Locale.ROOT))
                    .matches("[!-~]+");
            assertThat(EmailAddress.parse(address.canonical()).canonical()).isEqualTo(address.canonical());
        } catch (IllegalArgumentException rejected) {
            assertThat(rejected).hasMessageStartingWith("must ");
        }
    }

    @FuzzTest
    void a_sign_request_is_valid_or_its_invalid_fields_are_named(byte[] body) {
        SignatureForm form;
        try {
            form = JSON.readValue(body, SignatureForm.class);
        } catch (JacksonException malformed) {
            return;
        }
        if (form == null) {
            return;
        }
        try {
            SignatureForm.ValidSignature valid = form.validate(Optional.empty());
            assertThat(valid.person().name()).isNotBlank().doesNotContainPattern(CONTROL);
            assertThat(valid.person().email()).doesNotContainPattern(CONTROL);
        } catch (InvalidFieldsException e) {
            assertThat(e.errors()).isNotEmpty();
        }
    }

    @FuzzTest
    void a_token_with_a_foreign_key_is_rejected(@NotNull String text) {
        for (LinkPurpose purpose : LinkPurpose.values()) {
            try {
                throw new AssertionError("accepted as " + TOKENS.read(purpose, text));
            } catch (InvalidFieldsException | Rejection rejected) {
                assertThat(rejected).isNotNull();
            }
        }
        try {
            throw new AssertionError("accepted as " + TOKENS.readAny(EnumSet.allOf(LinkPurpose.class), text));
        } catch (InvalidFieldsException | Rejection rejected) {
            assertThat(rejected).isNotNull();
        }
    }

    @FuzzTest
    void a_statement_becomes_html_without_active_content(@NotNull String markdown) {
        Document html = Jsoup.parseBodyFragment(STATEMENT.html(markdown));
        for (Element element : html.body().select("*")) {
            assertThat(element.tagName())
                    .isNotIn(
                            "script", "style", "iframe", "object", "embed", "img", "svg", "math", "form", "input",
                            "base", "link", "meta");
            element.attributes().forEach(attribute -> {
                assertThat(attribute.getKey()).isIn("href", "rel", "start");
                assertThat(!attribute.getKey().equals("href")
                                || attribute.getValue().matches("(?is)(https?:|mailto:|[^:]*(/|#|\\?|$)).*"))
                        .as(attribute.getValue())
                        .isTrue();
            });
        }
    }
}
