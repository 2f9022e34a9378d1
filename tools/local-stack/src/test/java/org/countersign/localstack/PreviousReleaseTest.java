package org.countersign.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviousReleaseTest {

    @TempDir
    private Path home;

    @BeforeEach
    void repository() throws Exception {
        try {
            git("init", "-q");
        } catch (IOException e) {
            Assumptions.abort("SKIPPED: git is not installed");
        }
    }

    @Test
    void finds_the_newest_tag() throws Exception {
        commit("0.1.0", "First");
        git("tag", "v0.1.0");
        commit("0.2.0", "Second");
        git("tag", "-a", "v0.2.0", "-m", "Second");
        String second = git("rev-parse", "HEAD");
        commit("0.3.0-SNAPSHOT", "Go on");
        assertThat(PreviousRelease.of(home)).isEqualTo(new PreviousRelease("0.2.0", second));
    }

    @Test
    void without_tags_finds_the_commit_that_sets_the_version() throws Exception {
        commit("0.1.0", "Release 0.1.0");
        String release = git("rev-parse", "HEAD");
        commit("0.2.0-SNAPSHOT", "Begin version 0.2.0");
        commit("0.2.0-SNAPSHOT", "Release 0.1.5");
        assertThat(PreviousRelease.of(home)).isEqualTo(new PreviousRelease("0.1.0", release));
    }

    @Test
    void a_release_is_not_its_own_predecessor() throws Exception {
        commit("0.1.0", "Release 0.1.0");
        commit("0.2.0", "Release 0.2.0");
        git("tag", "v0.2.0");
        assertThat(PreviousRelease.of(home).version()).isEqualTo("0.1.0");
    }

    @Test
    void a_history_without_a_release_is_told() throws Exception {
        commit("0.1.0-SNAPSHOT", "Begin");
        assertThatThrownBy(() -> PreviousRelease.of(home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no release before 0.1.0-SNAPSHOT");
    }

    @Test
    void a_migration_declares_which_releases_cannot_run_after_it() throws Exception {
        for (String service : LocalStack.SERVICES) {
            Files.createDirectories(migrations(service));
        }
        Files.writeString(migrations("notifier").resolve("V5__one.sql"), "-- No way back before 0.3.0\nselect 1;\n");
        Files.writeString(migrations("notifier").resolve("V6__two.sql"), "select 1;\n-- No way back before 0.9.0\n");
        assertThat(new PreviousRelease("0.2.0", "").migrationsWithoutWayBack(home))
                .containsExactly(Path.of("notifier/src/main/resources/db/migration/V5__one.sql"));
        assertThat(new PreviousRelease("0.3.0", "").migrationsWithoutWayBack(home))
                .isEmpty();
    }

    private Path migrations(String service) {
        return home.resolve(service).resolve("src/main/resources/db/migration");
    }

    private void commit(String version, String subject) throws Exception {
        Files.writeString(
                home.resolve("pom.xml"),
                "<artifactId>countersign</artifactId>\n<version>" + version + "</version>\n<!-- " + subject + " -->\n");
        git("add", "pom.xml");
        git("commit", "-q", "-m", subject);
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=Test", "-c", "user.email=test@example"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
