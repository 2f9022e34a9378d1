package org.countersign.support.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.countersign.support.credentials.LoginGuard.LoginResult;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.authority.AuthorityUtils;

class LoginGuardTest {

    private static final String HOME = "192.0.2.7";
    private static final String ELSEWHERE = "198.51.100.7";

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger hashes = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LoginGuard guard = guard(false);
    private long hashMillis;

    private LoginGuard guard(boolean exempt) {
        LoginListener listener = new LoginListener() {
            @Override
            public void accepted(String user, String address) {
                log.add("accepted " + user);
            }

            @Override
            public void rejected(String user, String address) {
                log.add("rejected " + user);
            }
        };
        return new LoginGuard(
                (user, password) -> {
                    hash();
                    return user.equals("organiser") && password.equals("right")
                            ? AuthorityUtils.createAuthorityList("ROLE_ORGANISER")
                            : null;
                },
                listener,
                meters,
                address -> exempt,
                now::get);
    }

    private void hash() {
        hashes.incrementAndGet();
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            Thread.sleep(hashMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.decrementAndGet();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private LoginResult guess(String address) {
        return guard.check("organiser", "guess", address);
    }

    private LoginResult logIn(String address) {
        return guard.check("organiser", "right", address);
    }

    private void failOftenFrom(String address) {
        IntStream.range(0, 5).forEach(i -> assertThat(guess(address)).isInstanceOf(LoginResult.Rejected.class));
    }

    @Test
    void a_few_failures_of_a_network_with_a_name_are_limited_before_hashing() {
        failOftenFrom(HOME);
        assertThat(guess(HOME))
                .isInstanceOfSatisfying(
                        LoginResult.Limited.class,
                        limited -> assertThat(limited.retryAfter())
                                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20)));
        assertThat(hashes).hasValue(5);
        assertThat(meters.counter("countersign.logins", "outcome", "limited").count())
                .isEqualTo(1);
    }

    @Test
    void the_right_password_is_limited_too_so_that_the_limit_tells_nothing() {
        assertThat(logIn(HOME)).isInstanceOf(LoginResult.Accepted.class);
        failOftenFrom(HOME);
        assertThat(logIn(HOME)).isInstanceOf(LoginResult.Limited.class);
    }

    @Test
    void a_recent_success_still_counts_on_an_exempt_network() {
        LoginGuard exempting = guard(true);
        assertThat(exempting.check("organiser", "right", HOME)).isInstanceOf(LoginResult.Accepted.class);
        IntStream.range(0, 5).forEach(i -> exempting.check("organiser", "guess", HOME));
        assertThat(exempting.check("organiser", "guess", HOME)).isInstanceOf(LoginResult.Limited.class);
        assertThat(exempting.check("organiser", "right", HOME)).isInstanceOf(LoginResult.Accepted.class);
    }

    @Test
    void the_limit_decays() {
        failOftenFrom(HOME);
        pass(Duration.ofSeconds(12));
        assertThat(logIn(HOME)).isInstanceOf(LoginResult.Accepted.class);
    }

    @Test
    void failures_with_a_name_do_not_lock_it_out_on_other_networks() {
        failOftenFrom(ELSEWHERE);
        assertThat(guess(ELSEWHERE)).isInstanceOf(LoginResult.Limited.class);
        assertThat(logIn(HOME)).isInstanceOf(LoginResult.Accepted.class);
    }

    @Test
    void many_names_of_one_network_are_limited_together() {
        IntStream.range(0, 20).forEach(i -> guard.check("user-" + i, "guess", HOME));
        assertThat(guard.check("another", "guess", HOME)).isInstanceOf(LoginResult.Limited.class);
        assertThat(hashes).hasValue(20);
    }

    @Test
    void an_ipv6_customer_has_one_limit_however_the_address_is_written() {
        for (String address :
                List.of("2001:db8::1", "2001:db8:0:0::2", "2001:DB8::3", "2001:db8:0:0:9::1", "2001:db8::")) {
            guess(address);
        }
        assertThat(guess("2001:db8:0:0:ffff::1")).isInstanceOf(LoginResult.Limited.class);
        assertThat(guess("2001:db8:0:1::1")).isInstanceOf(LoginResult.Rejected.class);
    }

    @Test
    void a_success_needs_no_further_hash_for_a_while() {
        IntStream.range(0, 100).forEach(i -> logIn(HOME));
        assertThat(hashes).hasValue(1);
        assertThat(log).containsExactly("accepted organiser");
        pass(Duration.ofMinutes(2));
        logIn(HOME);
        assertThat(hashes).hasValue(2);
    }

    @Test
    void concurrent_guesses_do_not_pass_the_limit_and_concurrent_successes_are_hashed_once() {
        hashMillis = 20;
        ExecutorService threads = Executors.newFixedThreadPool(40);
        try {
            List<CompletableFuture<LoginResult>> guesses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String password = "guess " + i;
                guesses.add(
                        CompletableFuture.supplyAsync(() -> guard.check("organiser", password, ELSEWHERE), threads));
            }
            guesses.forEach(CompletableFuture::join);
            assertThat(hashes.get()).isLessThanOrEqualTo(5);
            hashes.set(0);
            List<CompletableFuture<LoginResult>> successes = IntStream.range(0, 40)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> logIn(HOME), threads))
                    .toList();
            assertThat(successes).allSatisfy(one -> assertThat(one.join()).isInstanceOf(LoginResult.Accepted.class));
            assertThat(hashes).hasValue(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void guesses_of_many_networks_share_a_few_places_and_a_known_network_has_its_own() {
        assertThat(logIn(HOME)).isInstanceOf(LoginResult.Accepted.class);
        pass(Duration.ofMinutes(2));
        hashMillis = 100;
        ExecutorService threads = Executors.newFixedThreadPool(60);
        try {
            List<CompletableFuture<LoginResult>> guesses = IntStream.range(0, 60)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> guess("203.0.113." + i), threads))
                    .toList();
            assertThat(logIn(HOME)).isInstanceOf(LoginResult.Accepted.class);
            guesses.forEach(CompletableFuture::join);
            int places = Math.max(1, Runtime.getRuntime().availableProcessors() / 2) + 1;
            assertThat(mostRunning.get()).isLessThanOrEqualTo(places);
            assertThat(guesses).anySatisfy(one -> assertThat(one.join()).isInstanceOf(LoginResult.Limited.class));
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void the_log_gets_no_text_that_could_harm_it() {
        guard.check("root\nWARN all is lost " + "x".repeat(500), "secret", HOME);
        assertThat(log).singleElement().asString().hasSizeLessThan(45).doesNotContain("\n", "secret");
    }

    private Optional<String> secret(LoginGuard limits, String given) {
        return limits.checkSecret(
                "token 1", HOME, () -> given.equals("right") ? Optional.of("a caller") : Optional.empty());
    }

    @Test
    void wrong_secrets_have_the_limits_of_wrong_passwords() {
        for (int i = 0; i < 50; i++) {
            assertThat(secret(guard, "right")).contains("a caller");
        }
        for (int i = 0; i < 5; i++) {
            assertThat(secret(guard, "wrong")).isEmpty();
        }
        assertThatThrownBy(() -> secret(guard, "wrong")).isInstanceOf(LoginGuard.TooManyFailuresException.class);
        assertThatThrownBy(() -> secret(guard, "right")).isInstanceOf(LoginGuard.TooManyFailuresException.class);
        assertThat(log).containsOnly("rejected token?1");
    }

    @Test
    void a_right_secret_of_an_exempt_network_is_accepted_after_failures_of_others() {
        LoginGuard shared = guard(true);
        for (int i = 0; i < 5; i++) {
            assertThat(secret(shared, "wrong")).isEmpty();
        }
        assertThatThrownBy(() -> secret(shared, "wrong")).isInstanceOf(LoginGuard.TooManyFailuresException.class);
        assertThat(secret(shared, "right")).contains("a caller");
    }
}
