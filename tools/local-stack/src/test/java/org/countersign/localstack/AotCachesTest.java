package org.countersign.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCachesTest {

    private static final String SERVICE = "notifier";
    private static final Instant BUILT = Instant.parse("2030-05-01T12:00:00Z");

    @TempDir
    private Path home;

    private Path target;

    @BeforeEach
    void build() throws IOException {
        target = Files.createDirectories(home.resolve(SERVICE).resolve("target"));
        write(SERVICE + ".jar", BUILT);
    }

    private void write(String file, Instant at) throws IOException {
        Files.setLastModifiedTime(Files.writeString(target.resolve(file), file), FileTime.from(at));
    }

    @Test
    void a_service_without_a_cache_starts_without_one() {
        assertThat(AotCaches.isUsable(target, SERVICE)).isFalse();
        assertThat(AotCaches.outdated(home)).isEmpty();
    }

    @Test
    void a_cache_of_this_build_is_used() throws IOException {
        write(SERVICE + ".aot", BUILT.plusSeconds(60));
        assertThat(AotCaches.isUsable(target, SERVICE)).isTrue();
        assertThat(AotCaches.outdated(home)).isEmpty();
    }

    @Test
    void a_cache_of_an_earlier_build_is_not_used_and_is_named() throws IOException {
        write(SERVICE + ".aot", BUILT.minusSeconds(60));
        assertThat(AotCaches.isUsable(target, SERVICE)).isFalse();
        assertThat(AotCaches.outdated(home)).containsExactly(SERVICE);
    }
}
