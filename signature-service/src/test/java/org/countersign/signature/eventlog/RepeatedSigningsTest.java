package org.countersign.signature.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.events.EventType;
import org.countersign.events.SignatureId;
import org.countersign.signature.eventlog.GroupCommit.AppendResult;
import org.countersign.signature.eventlog.RepeatedSignings.RepeatedSigning;
import org.countersign.support.keys.KeyRing;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class RepeatedSigningsTest {

    private static final EventMac MACS =
            new EventMac(KeyRing.parse("TEST", "1:" + Base64.getEncoder().encodeToString(new byte[32])));
    private static final SignatureId ANNA = new SignatureId(new UUID(1, 1));
    private static final SignatureId BELA = new SignatureId(new UUID(2, 2));

    private final HikariDataSource dataSource = new HikariDataSource();
    private GroupCommit writer;
    private RepeatedSignings calls;

    @BeforeEach
    void annaAndBelaHaveSigned() {
        TestServers.Database database = TestServers.database();
        Flyway.configure()
                .dataSource(database.url(), database.owner(), database.password())
                .placeholders(Map.of("runtimeRole", database.user()))
                .load()
                .migrate();
        dataSource.setJdbcUrl(database.url());
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        dataSource.setMaximumPoolSize(4);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        PetitionNumbers numbers = new PetitionNumbers(jdbc);
        writer = new GroupCommit(dataSource, numbers, new LogGate(), 10, events -> {}, new SimpleMeterRegistry());
        calls = new RepeatedSignings(jdbc, numbers, MACS);
        assertThat(sign(ANNA, "AM")).isEqualTo(AppendResult.APPENDED);
        assertThat(sign(BELA, "AM")).isEqualTo(AppendResult.APPENDED);
    }

    @AfterEach
    void close() {
        writer.close();
        dataSource.close();
    }

    private AppendResult sign(SignatureId signature, String country) {
        String data = "{\"round\":1,\"country\":\"" + country + "\",\"was\":\"none\",\"becomes\":\"pending\","
                + "\"public\":true,\"updates\":false,\"sealed\":\"AAAA\"}";
        return writer.append(List.of(NewEvent.of(
                MACS,
                signature.value(),
                0,
                "more-trees",
                EventType.PETITION_SIGNED,
                Instant.parse("2030-05-01T12:00:00Z"),
                null,
                data.getBytes(StandardCharsets.UTF_8),
                new byte[] {1},
                null)));
    }

    private void annaSignsTwiceMoreAndBelaOnce() {
        assertThat(sign(ANNA, "DE")).isEqualTo(AppendResult.DEFERRED);
        assertThat(sign(BELA, "IT")).isEqualTo(AppendResult.DEFERRED);
        assertThat(sign(ANNA, "FR")).isEqualTo(AppendResult.DEFERRED);
    }

    private List<String> dueCountries() {
        return calls.due(100).stream()
                .map(RepeatedSigning::signed)
                .map(signed -> signed.country().value())
                .toList();
    }

    @Test
    void a_failure_lets_every_call_of_the_signature_wait_and_none_is_lost() {
        annaSignsTwiceMoreAndBelaOnce();
        calls.retryLater(ANNA, Duration.ofHours(1));
        assertThat(dueCountries()).containsExactly("IT");
        calls.retryLater(ANNA, Duration.ZERO);
        assertThat(dueCountries()).containsExactly("DE", "IT", "FR");
    }

    @Test
    void of_calls_that_wait_for_the_next_mail_the_newest_remains() {
        annaSignsTwiceMoreAndBelaOnce();
        calls.postpone(ANNA, Duration.ofHours(1));
        assertThat(dueCountries()).containsExactly("IT");
        calls.postpone(ANNA, Duration.ZERO);
        assertThat(dueCountries()).containsExactly("IT", "FR");
    }
}
