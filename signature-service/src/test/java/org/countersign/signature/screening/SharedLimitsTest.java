package org.countersign.signature.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.testkit.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The limits of two instances with one database. */
class SharedLimitsTest {

    private static final SigningLimit LIMIT = new SigningLimit(20, 10);
    private static final TestServers.Database DATABASE = TestServers.database();

    private final AtomicLong nanos = new AtomicLong();
    private JdbcClient jdbc;
    private SharedLimits one;
    private SharedLimits other;

    @BeforeAll
    static void migrate() {
        Flyway.configure()
                .dataSource(DATABASE.url(), DATABASE.owner(), DATABASE.password())
                .placeholders(Map.of("runtimeRole", DATABASE.user()))
                .load()
                .migrate();
    }

    @BeforeEach
    void startTwoInstances() {
        jdbc = JdbcClient.create(new DriverManagerDataSource(DATABASE.url(), DATABASE.user(), DATABASE.password()));
        jdbc.sql("delete from signing_rate").update();
        one = new SharedLimits(new SigningRates(jdbc), nanos::get);
        other = new SharedLimits(new SigningRates(jdbc), nanos::get);
        exchange();
    }

    private void exchange() {
        one.exchange();
        other.exchange();
        one.exchange();
    }

    private static int within(SharedLimits limits, int calls) {
        int within = 0;
        for (int i = 0; i < calls; i++) {
            within += limits.take("domain|petition|evil.test", LIMIT) ? 1 : 0;
        }
        return within;
    }

    @Test
    void a_burst_passes_and_what_follows_is_over_the_limit() {
        assertThat(within(one, 30)).isEqualTo(20);
        assertThat(one.take("domain|petition|other.test", LIMIT)).isTrue();
    }

    @Test
    void the_instances_know_of_each_other_after_an_exchange() {
        assertThat(within(one, 15)).isEqualTo(15);
        exchange();
        assertThat(within(other, 15)).isEqualTo(5);
        exchange();
        assertThat(within(one, 15)).isZero();
    }

    @Test
    void an_instance_that_has_never_seen_the_domain_takes_over_the_level_of_others() {
        within(one, 40);
        exchange();
        assertThat(within(other, 10)).isZero();
    }

    @Test
    void a_first_call_is_shared_when_a_second_one_follows() {
        within(one, 1);
        exchange();
        assertThat(levels()).isZero();
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        within(one, 1);
        exchange();
        assertThat(levels()).isZero();
        within(one, 1);
        exchange();
        assertThat(within(other, 20)).isEqualTo(18);
    }

    @Test
    void a_first_call_that_holds_the_next_one_is_shared_at_once() {
        SigningLimit single = new SigningLimit(1, 1);
        assertThat(one.take("network|petition|10.0.0.0", single)).isTrue();
        exchange();
        assertThat(other.take("network|petition|10.0.0.0", single)).isFalse();
    }

    private long levels() {
        return jdbc.sql("select count(*) from signing_rate").query(Long.class).single();
    }

    @Test
    void the_limit_is_free_again_after_a_pause_and_a_bot_that_goes_on_stays_over_it() {
        within(one, 100);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(within(one, 100)).isZero();
        nanos.addAndGet(Duration.ofMinutes(4).toNanos());
        assertThat(within(one, 100)).isEqualTo(20);
    }

    @Test
    void without_the_database_an_instance_limits_alone_and_nothing_that_it_counted_is_lost() {
        within(one, 15);
        jdbc.sql("select count(*) from signing_rate").query(Long.class).single();
        JdbcClient owner =
                JdbcClient.create(new DriverManagerDataSource(DATABASE.url(), DATABASE.owner(), DATABASE.password()));
        owner.sql("alter table signing_rate rename to signing_rate_away").update();
        try {
            one.exchange();
            assertThat(within(one, 15)).isEqualTo(5);
        } finally {
            owner.sql("alter table signing_rate_away rename to signing_rate").update();
        }
        exchange();
        assertThat(within(other, 15)).isZero();
    }

    @Test
    void a_new_day_has_a_new_key_and_the_old_one_is_gone() {
        within(one, 40);
        exchange();
        jdbc.sql("delete from signing_rate_key").update();
        jdbc.sql("insert into signing_rate_key (day, secret) values (date '2020-01-01', 'old')")
                .update();
        exchange();
        assertThat(jdbc.sql("select count(*) from signing_rate_key")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(within(one, 20)).isEqualTo(20);
    }

    @Test
    void levels_that_have_fallen_to_zero_are_deleted() {
        within(one, 5);
        exchange();
        SigningRates rates = new SigningRates(jdbc);
        rates.deleteEmpty();
        assertThat(jdbc.sql("select count(*) from signing_rate")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        JdbcClient owner =
                JdbcClient.create(new DriverManagerDataSource(DATABASE.url(), DATABASE.owner(), DATABASE.password()));
        owner.sql("update signing_rate set at = at - interval '1 hour'").update();
        rates.deleteEmpty();
        assertThat(jdbc.sql("select count(*) from signing_rate")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void the_list_of_disposable_domains_is_read_again_when_its_file_changes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("list.txt"), "# mine\nthrowaway.test\n");
        DisposableDomains list = new DisposableDomains(file.toString());
        assertThat(list.contains("a.throwaway.test")).isTrue();
        assertThat(list.contains("mailinator.com")).isFalse();
        Files.writeString(file, "later.test\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        list.refresh();
        assertThat(list.contains("later.test")).isTrue();
        assertThat(list.contains("throwaway.test")).isFalse();
        Files.delete(file);
        list.refresh();
        assertThat(list.contains("later.test")).isTrue();
        assertThat(new DisposableDomains("").contains("mailinator.com")).isTrue();
    }
}
