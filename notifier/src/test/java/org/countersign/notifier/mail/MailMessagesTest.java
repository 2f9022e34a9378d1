package org.countersign.notifier.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Properties;
import java.util.stream.Stream;
import org.countersign.notifier.delivery.DeliveryChannel;
import org.countersign.notifier.delivery.DeliveryKind;
import org.countersign.support.language.SupportedLanguage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MailMessagesTest {

    private static final Properties ENGLISH = bundle("messages");

    private static Properties bundle(String name) {
        Properties texts = new Properties();
        try (InputStreamReader in = new InputStreamReader(
                MailMessagesTest.class.getResourceAsStream("/" + name + ".properties"), StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    private static Stream<String> otherLanguages() {
        return SupportedLanguage.nativeNames().keySet().stream().filter(code -> !code.equals("en"));
    }

    @ParameterizedTest
    @MethodSource("otherLanguages")
    void every_language_says_all_there_is_to_say(String code) {
        Properties texts = bundle("messages_" + code);
        assertThat(texts.stringPropertyNames()).isEqualTo(ENGLISH.stringPropertyNames());
        texts.stringPropertyNames().forEach(key -> {
            String text = texts.getProperty(key);
            assertThat(text)
                    .as(key)
                    .isNotBlank()
                    .isNotEqualTo(ENGLISH.getProperty(key))
                    .doesNotContain("'");
            // The format's own reading of it, so that a lost brace shows.
            assertThat(new MessageFormat(text).getFormatsByArgumentIndex())
                    .as(key)
                    .hasSameSizeAs(new MessageFormat(ENGLISH.getProperty(key)).getFormatsByArgumentIndex());
        });
    }

    @Test
    void there_are_words_for_every_kind_of_mail() {
        for (DeliveryKind kind : DeliveryKind.values()) {
            if (kind.channel() != DeliveryChannel.WEBHOOK) {
                assertThat(ENGLISH.stringPropertyNames())
                        .contains(kind.text() + ".subject", kind.text() + ".text", kind.text() + ".reason");
            }
        }
    }
}
