package org.countersign.localstack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailStoreTest {

    @TempDir
    private Path directory;

    private MailStore open() throws IOException {
        return new MailStore(directory.resolve("mails"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void mails_survive_a_restart() throws IOException {
        try (MailStore store = open()) {
            store.add("Ann@Example.org", bytes("first"));
            store.add("bea@example.org", bytes("second"));
        }
        try (MailStore store = open()) {
            store.add("ann@example.org", bytes("third"));
            assertThat(store.size()).isEqualTo(3);
            assertThat(store.to("ANN@example.org"))
                    .extracting(mail -> new String(mail.message(), StandardCharsets.UTF_8))
                    .containsExactly("first", "third");
            assertThat(store.newest(2)).extracting(MailStore.StoredMail::id).containsExactly(1, 2);
        }
    }

    @Test
    void a_program_follows_the_mails_in_the_order_of_their_arrival() throws IOException {
        try (MailStore store = open()) {
            for (int i = 0; i < 5; i++) {
                store.add("ann@example.org", bytes("mail " + i));
            }
            assertThat(store.after(-1, 2)).extracting(MailStore.StoredMail::id).containsExactly(0, 1);
            assertThat(store.after(1, 9)).extracting(MailStore.StoredMail::id).containsExactly(2, 3, 4);
            assertThat(store.after(4, 9)).isEmpty();
        }
    }

    @Test
    void an_incomplete_mail_is_dropped_after_a_power_failure() throws IOException {
        try (MailStore store = open()) {
            store.add("ann@example.org", bytes("whole"));
        }
        Files.write(directory.resolve("mails"), new byte[] {0, 0, 0, 9, 0, 0, 1, 0, 'b'}, StandardOpenOption.APPEND);
        try (MailStore store = open()) {
            store.add("cleo@example.org", bytes("next"));
        }
        try (MailStore store = open()) {
            assertThat(store.newest(9))
                    .extracting(MailStore.StoredMail::to)
                    .containsExactly("ann@example.org", "cleo@example.org");
        }
    }
}
