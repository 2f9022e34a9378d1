package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;

/** Looks through the very bytes on the disk for somebody who was erased. */
class ErasureIT {

    private final RunningStack stack = RunningStack.shared();

    @Test
    void after_an_erasure_no_personal_data_or_secret_is_on_disk() throws IOException, SQLException {
        String petition = stack.publish(Map.of("slug", "to-be-forgotten"));
        String email = stack.sign(
                petition,
                "wenzel.erasable@vergissmein.example",
                Map.of("name", "Wenzel Erasable", "comment", "Vergissmeinnicht und Immergruen"));
        MailboxReader.Mail mail = stack.mails().await(email, 1);
        stack.confirm(mail.token("confirm"));
        stack.mails().await(email, 2);
        byte[] secret;
        try (Connection connection = stack.connect("signature_service");
                Statement statement = connection.createStatement()) {
            secret = secretOfNewest(statement);
            stack.checkpoint();
            assertThat(filesWith(secret)).as("where the secret is before").isNotEmpty();
            ApiClient.require(
                    200,
                    new ApiClient()
                            .post(
                                    stack.ports().signatureService(),
                                    "/api/signatures/erase",
                                    Map.of("token", mail.token("my-data")),
                                    Optional.empty()));
            // Of a row that was changed the old version stays in its page until the table is written anew, and in the
            // write-ahead log until that is reused.
            statement.execute("vacuum full stream_event");
        }
        stack.checkpoint();
        assertThat(filesWith(secret)).isEmpty();
        for (String personal : List.of("Wenzel", "Erasable", "vergissmein", "Immergruen")) {
            assertThat(filesWith(personal.getBytes(StandardCharsets.UTF_8)))
                    .as(personal)
                    .isEmpty();
        }
        assertThat(stack.verified(petition)).isEqualTo(1);
        assertThat(stack.run("audit", "log").status())
                .as("the public log after an erasure")
                .isZero();
    }

    private static byte[] secretOfNewest(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select secret from stream_event where secret is not null order by global_index desc limit 1")) {
            row.next();
            return row.getBytes(1);
        }
    }

    /** Files of PostgreSQL's tables and of Kafka that hold these bytes. */
    private List<Path> filesWith(byte[] wanted) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory :
                List.of(stack.data().resolve("postgres"), stack.data().resolve("kafka"))) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(path -> !path.toString().contains("pg_wal"))
                        .toList()) {
                    if (contains(file, wanted)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    private static boolean contains(Path file, byte[] wanted) throws IOException {
        // Each byte as the character of the same number: a search in text finds bytes.
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains(new String(wanted, StandardCharsets.ISO_8859_1));
    }
}
