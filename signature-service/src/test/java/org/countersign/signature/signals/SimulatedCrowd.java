package org.countersign.signature.signals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.countersign.signature.screening.MailDomains;
import org.countersign.signature.signals.Anomaly.Kind;
import org.jspecify.annotations.Nullable;

/** Sign calls of people and programs, and what the detector makes of them, without a database. */
final class SimulatedCrowd {

    static final String[] COUNTRY_MIX = {"AM", "DE", "DE", "ES", "FR", "GB", "GB", "IT", "NL", "US"};

    private static final Instant BEGIN = Instant.parse("2030-01-31T09:00:00Z");
    private static final Duration PASS = Duration.ofSeconds(5);
    /** Long simulations have longer pauses between the passes. */
    private static final int MAX_PASSES = 90;

    /** The time from a detection until all instances know it. */
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private static final int NOTICEABLE = 100;
    /** The first calls of domains with one owner are not watched. */
    private static final int UNWATCHED = 20;

    private static final String[] GIVEN = {
        "ada", "amir", "clara", "dana", "esra", "georg", "ivan", "jana", "kofi", "nadia"
    };
    private static final String[] FAMILY = {
        "adler", "bauer", "castro", "fischer", "garcia", "jansen", "kowalski", "novak"
    };
    private static final String[] PROVIDERS = {"gmail.com", "gmail.com", "gmx.de", "outlook.com", "web.de", "yahoo.com"
    };

    private final Random random;
    private final Duration duration;
    private final List<Call> calls = new ArrayList<>();
    private final MailDomains domains = new MailDomains();

    SimulatedCrowd(long seed, Duration duration) {
        this.random = new Random(seed);
        this.duration = duration;
    }

    private record Call(boolean attacker, Duration at, String address, String network, int form, String country) {}

    /**
     * What the detector did.
     *
     * @param heldHonest the share of honest calls that would be held
     * @param heldAttackers the share of attack calls that would be held
     * @param alert the time from the hundredth attack call to the first anomaly; empty if there was none
     * @param kinds the kinds of all anomalies
     */
    record Outcome(double heldHonest, double heldAttackers, Optional<Duration> alert, Set<Kind> kinds) {}

    Random random() {
        return random;
    }

    Duration at(double fraction) {
        return Duration.ofNanos((long) (duration.toNanos() * fraction));
    }

    String name(int number) {
        return pick(GIVEN) + "." + pick(FAMILY) + number;
    }

    String letters(int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }

    String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    String provider() {
        return pick(PROVIDERS);
    }

    /** Most people have an address of a provider, and some that of one of many organisations. */
    String anyDomain() {
        return random.nextDouble() < 0.85 ? provider() : "organisation-" + random.nextInt(3000) + ".test";
    }

    /** Some people have a domain of their own, and organisations differ in size. */
    String longTail() {
        double kind = random.nextDouble();
        if (kind < 0.8) {
            return provider();
        }
        return kind < 0.85
                ? "family-" + Math.abs(random.nextLong()) + ".test"
                : "organisation-" + (int) (3000 * Math.pow(random.nextDouble(), 1.5)) + ".test";
    }

    /** A network of a provider of servers, which has them all in one block. */
    String server() {
        return "2001:db8:" + Integer.toString(random.nextInt(65536), 16);
    }

    String household() {
        return random.nextInt(200) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }

    int humanForm() {
        return (int) (20 + Math.abs(random.nextGaussian()) * 90);
    }

    SimulatedCrowd honest(
            int count,
            IntFunction<Duration> times,
            IntFunction<String> domainOf,
            IntFunction<String> networkOf,
            String... countries) {
        for (int i = 0; i < count; i++) {
            calls.add(new Call(
                    false,
                    times.apply(i),
                    name(i) + "@" + domainOf.apply(i),
                    networkOf.apply(i),
                    humanForm(),
                    pick(countries)));
        }
        return this;
    }

    /** Readers of a news story. */
    SimulatedCrowd newsSpike(int count) {
        return honest(
                count, i -> at(Math.pow(random.nextDouble(), 2)), i -> anyDomain(), i -> household(), COUNTRY_MIX);
    }

    SimulatedCrowd attack(
            int count,
            IntFunction<Duration> times,
            IntFunction<String> localPart,
            IntFunction<String> domainOf,
            IntFunction<String> networkOf,
            int form) {
        return attack(count, times, localPart, domainOf, networkOf, i -> form, COUNTRY_MIX);
    }

    SimulatedCrowd attack(
            int count,
            IntFunction<Duration> times,
            IntFunction<String> localPart,
            IntFunction<String> domainOf,
            IntFunction<String> networkOf,
            IntUnaryOperator form,
            String... countries) {
        for (int i = 0; i < count; i++) {
            calls.add(new Call(
                    true,
                    times.apply(i),
                    localPart.apply(i) + "@" + domainOf.apply(i),
                    networkOf.apply(i),
                    form.applyAsInt(i),
                    pick(countries)));
        }
        return this;
    }

    /**
     * Lets all sign in the order of time. Calls that match an anomaly are held from a second after its detection, and
     * watched calls if it is found in time.
     */
    Outcome run() {
        calls.sort(Comparator.comparing(Call::at));
        Duration longPass = duration.dividedBy(MAX_PASSES);
        Looks looks = new Looks(longPass.compareTo(PASS) > 0 ? longPass : PASS);
        List<Judged> judged = new ArrayList<>();
        int ofOwners = 0;
        List<Duration> attacks = new ArrayList<>();
        for (Call call : calls) {
            looks.until(call.at());
            SeenCall seen = seen(call);
            ofOwners += seen.shared() ? 0 : 1;
            boolean watched = !seen.shared() && ofOwners > UNWATCHED;
            judged.add(new Judged(call, seen, watched ? call.at().plus(WatchedCalls.WATCHED_FOR) : call.at()));
            looks.history.add(seen);
            if (call.attacker()) {
                attacks.add(call.at());
            }
        }
        looks.until(duration.plus(WatchedCalls.WATCHED_FOR));
        Map<Boolean, List<Judged>> bySide = judged.stream()
                .collect(Collectors.partitioningBy(one -> one.call().attacker()));
        Duration first = attacks.size() < NOTICEABLE ? Duration.ZERO : attacks.get(NOTICEABLE - 1);
        return new Outcome(
                looks.heldShare(bySide.getOrDefault(false, List.of())),
                looks.heldShare(bySide.getOrDefault(true, List.of())),
                Optional.ofNullable(looks.alert).map(at -> at.minus(first)),
                looks.kinds);
    }

    /** The detector's looks, and what they found when. */
    private static final class Looks {

        private final CallHistory history = new CallHistory();
        private final Map<Long, Duration> domains = new HashMap<>();
        private final Map<Long, Duration> networks = new HashMap<>();
        private final Set<Kind> kinds = new HashSet<>();
        private final Duration pass;
        private Duration next;
        private @Nullable Duration alert;

        Looks(Duration pass) {
            this.pass = pass;
            this.next = pass;
        }

        void until(Duration end) {
            while (end.compareTo(next) > 0) {
                Duration known = next.plus(SPREAD);
                List<Anomaly> found = AttackDetector.detect(history, BEGIN.plus(next));
                for (Anomaly anomaly : found) {
                    kinds.add(anomaly.kind());
                    if (anomaly.kind() == Kind.DOMAIN) {
                        domains.putIfAbsent(anomaly.key(), known);
                    } else if (anomaly.kind() == Kind.NETWORK) {
                        networks.putIfAbsent(anomaly.key(), known);
                    }
                }
                alert = alert == null && !found.isEmpty() ? next : alert;
                history.age(BEGIN.plus(next), !kinds.isEmpty());
                next = next.plus(pass);
            }
        }

        double heldShare(List<Judged> calls) {
            long held = calls.stream()
                    .filter(one -> one.isHeld(domains, one.seen().domain())
                            || one.isHeld(networks, one.seen().network()))
                    .count();
            return CallCounts.share((int) held, calls.size());
        }
    }

    /** A call and the time at which it is decided whether it stays held. */
    private record Judged(Call call, SeenCall seen, Duration at) {

        boolean isHeld(Map<Long, Duration> held, long key) {
            return held.containsKey(key)
                    && held.getOrDefault(key, Duration.ZERO).compareTo(at) <= 0;
        }
    }

    private static String block(String network) {
        String separator = network.contains(":") ? ":" : ".";
        int second = network.indexOf(separator, network.indexOf(separator) + 1);
        return network.substring(0, second);
    }

    private SeenCall seen(Call call) {
        String domain = call.address().substring(call.address().indexOf('@') + 1);
        return new SeenCall(
                BEGIN.plus(call.at()),
                hash(domains.registered(domain)),
                hash(call.network()),
                (short) hash(block(call.network())),
                call.form(),
                domains.isShared(domain),
                GeneratedAddresses.looksGenerated(call.address()),
                false,
                call.country(),
                call.attacker() ? "" : "EN");
    }

    private static long hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
