package org.countersign.signature.web.i18n;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.support.language.SupportedLanguage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The messages of the pages in all languages. */
class MessagesTest {

    private static final Pattern USED = Pattern.compile("#\\{([a-z][a-z.-]+)");
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    private static Properties bundle(String name) {
        Properties texts = new Properties();
        try (InputStreamReader in = new InputStreamReader(
                MessagesTest.class.getResourceAsStream("/" + name + ".properties"), StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource(SupportedLanguage.class)
    void every_language_has_all_messages(SupportedLanguage language) {
        Properties english = bundle("messages");
        Properties texts = language == SupportedLanguage.ENGLISH ? english : bundle("messages_" + language.code());
        assertThat(texts.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        for (String key : texts.stringPropertyNames()) {
            assertThat(places(texts.getProperty(key))).as(key).isEqualTo(places(english.getProperty(key)));
            // A straight apostrophe is an escape character in message formats.
            assertThat(texts.getProperty(key)).as(key).isNotBlank().doesNotContain("'");
            assertThat(language == SupportedLanguage.ENGLISH
                            || !texts.getProperty(key).equals(english.getProperty(key))
                            || isAlike(key))
                    .as(key + " is translated")
                    .isTrue();
        }
    }

    /** Whether a message may be the same in English and another language. */
    private static boolean isAlike(String key) {
        return Set.of("data.name", "data.comment", "data.notice.version", "share.mail", "data.email")
                .contains(key);
    }

    private static List<String> places(String text) {
        return PLACE.matcher(text)
                .results()
                .map(java.util.regex.MatchResult::group)
                .sorted()
                .toList();
    }

    @Test
    void every_message_in_a_template_exists() throws IOException {
        Set<String> used = new HashSet<>();
        try (Stream<Path> templates = Files.list(Path.of("src/main/resources/templates"))) {
            for (Path template : templates.toList()) {
                Matcher matcher = USED.matcher(Files.readString(template));
                while (matcher.find()) {
                    used.add(matcher.group(1));
                }
            }
        }
        assertThat(used).hasSizeGreaterThan(50);
        assertThat(bundle("messages").stringPropertyNames()).containsAll(used);
    }
}
