package org.countersign.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code countersign up} as its user meets it. */
class UpIT {

    @TempDir
    private Path directory;

    @Test
    void a_restart_keeps_counts_petitions_and_unsent_mail() {
        RunningStack stack = RunningStack.shared();
        assertThat(stack.output()).noneMatch(line -> line.contains("shown only once"));
        assertThat(stack.funnel(RunningStack.FROM_BEFORE).path("pending").asLong())
                .isEqualTo(1);
        stack.confirm(stack.mails().await(RunningStack.TOLD_LATE, 1).token("confirm"));
        await().atMost(Duration.ofMinutes(1)).until(() -> stack.verified(RunningStack.FROM_BEFORE) == 1);
    }

    @Test
    void an_empty_directory_gets_a_demo_petition_and_each_part_a_line() {
        RunningStack stack = RunningStack.shared();
        assertThat(stack.output().toString())
                .contains(
                        "PostgreSQL",
                        "Kafka",
                        "Mailbox",
                        "signature-service",
                        "counter-projection",
                        "notifier",
                        "Mail arrives at ");
        assertThat(new ApiClient()
                        .get(
                                stack.ports().signatureService(),
                                "/api/petitions/a-bench-by-the-mill-pond",
                                Optional.empty())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void status_tells_of_the_services_and_the_counts() {
        RunningStack.Ended status = RunningStack.shared().run("status");
        assertThat(status.output())
                .contains(
                        "signature-service    UP",
                        "counter-projection   UP",
                        "notifier             UP",
                        "a-bench-by-the-mill-pond (open): ");
        assertThat(status.status()).isZero();
        assertThat(RunningStack.run(Map.of(), "status", "--port-offset", "45000")
                        .output())
                .contains("not running");
    }

    @Test
    void sign_signs_and_a_mistake_is_told_by_its_field() {
        RunningStack stack = RunningStack.shared();
        RunningStack.Ended signed = stack.run(
                "sign",
                "a-bench-by-the-mill-pond",
                "--name",
                "Carla Commandline",
                "--email",
                "carla@example.org",
                "--country",
                "PT");
        assertThat(signed.output()).contains("Signed. Confirmation mail: ");
        stack.mails().await("carla@example.org", 1);
        RunningStack.Ended mistaken =
                stack.run("sign", "a-bench-by-the-mill-pond", "--name", "Carla", "--email", "carla", "--country", "PT");
        assertThat(mistaken.status()).isEqualTo(1);
        assertThat(mistaken.output()).contains("422").contains("email");
    }

    @Test
    void a_taken_port_is_told_with_what_to_do_and_nothing_is_started() throws IOException {
        try (ServerSocket taken =
                new ServerSocket(RunningStack.shared().ports().mailbox() + 50, 1, InetAddress.getLoopbackAddress())) {
            int offset = taken.getLocalPort() - 8025;
            RunningStack.Ended ended = RunningStack.run(
                    Map.of(),
                    "up",
                    "--data",
                    directory.resolve("new").toString(),
                    "--port-offset",
                    Integer.toString(offset));
            assertThat(ended.output())
                    .contains("Port " + taken.getLocalPort() + ", for the mailbox, is in use")
                    .contains("--port-offset");
            assertThat(ended.status()).isEqualTo(1);
            assertThat(directory.resolve("new")).doesNotExist();
        }
    }

    @Test
    void one_directory_serves_one_stack_at_a_time() {
        RunningStack stack = RunningStack.shared();
        RunningStack.Ended ended = RunningStack.run(
                Map.of(),
                "up",
                "--data",
                stack.data().toString(),
                "--port-offset",
                Integer.toString(stack.offset() + 50));
        assertThat(ended.output()).contains("Another countersign up uses");
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void fresh_leaves_alone_what_countersign_did_not_make() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious.txt"), "keep me");
        RunningStack.Ended ended = RunningStack.run(
                Map.of(),
                "up",
                "--fresh",
                "--data",
                directory.toString(),
                "--port-offset",
                Integer.toString(RunningStack.shared().offset() + 50));
        assertThat(ended.output()).contains("It is left unchanged");
        assertThat(precious).exists();
    }
}
