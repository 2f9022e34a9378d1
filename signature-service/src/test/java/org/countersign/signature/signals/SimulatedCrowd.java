package org.countersign.signature.signals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import org.countersign.signature.screening.MailDomains;
import org.countersign.signature.signals.Anomaly.Kind;

/** Sign calls of people and programs, and what the detector makes of them, without a database. */
final class SimulatedCrowd {

    static final String[] COUNTRY_MIX = {"AM", "DE", "DE", "ES", "FR", "GB", "GB", "IT", "NL", "US"};

    private static final Instant BEGIN = Instant.parse("2030-01-31T09:00:00Z");
    private static final Duration PASS = Duration.ofSeconds(5);
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
        for (int i = 0; i < count; i++) {
            calls.add(new Call(
                    true,
                    times.apply(i),
                    localPart.apply(i) + "@" + domainOf.apply(i),
                    networkOf.apply(i),
                    form,
                    pick(COUNTRY_MIX)));
        }
        return this;
    }

    /** Lets all sign in the order of time. Calls that match an anomaly are held from a second after its detection. */
    Outcome run() {
        calls.sort(Comparator.comparing(Call::at));
        CallHistory history = new CallHistory();
        Set<Long> heldDomains = new HashSet<>();
        Set<Long> heldNetworks = new HashSet<>();
        Set<Kind> kinds = new HashSet<>();
        Duration nextPass = PASS;
        Duration hundredth = null;
        Duration alert = null;
        int honest = 0;
        int honestHeld = 0;
        int attackers = 0;
        int attackersHeld = 0;
        for (Call call : calls) {
            while (call.at().compareTo(nextPass) > 0) {
                List<Anomaly> found = AttackDetector.detect(history, BEGIN.plus(nextPass));
                for (Anomaly anomaly : found) {
                    kinds.add(anomaly.kind());
                    if (anomaly.kind() == Kind.DOMAIN) {
                        heldDomains.add(anomaly.key());
                    } else if (anomaly.kind() == Kind.NETWORK) {
                        heldNetworks.add(anomaly.key());
                    }
                }
                alert = alert == null && !found.isEmpty() ? nextPass : alert;
                history.age(BEGIN.plus(nextPass), !kinds.isEmpty());
                nextPass = nextPass.plus(PASS);
            }
            SeenCall seen = seen(call);
            boolean held = heldDomains.contains(seen.domain()) || heldNetworks.contains(seen.network());
            history.add(seen);
            if (call.attacker()) {
                attackers++;
                attackersHeld += held ? 1 : 0;
                hundredth = attackers == 100 ? call.at() : hundredth;
            } else {
                honest++;
                honestHeld += held ? 1 : 0;
            }
        }
        Duration first = hundredth;
        return new Outcome(
                CallCounts.share(honestHeld, honest),
                CallCounts.share(attackersHeld, attackers),
                Optional.ofNullable(alert).map(at -> first == null ? at : at.minus(first)),
                kinds);
    }

    private SeenCall seen(Call call) {
        String domain = call.address().substring(call.address().indexOf('@') + 1);
        return new SeenCall(
                BEGIN.plus(call.at()),
                hash(domains.registered(domain)),
                hash(call.network()),
                call.form(),
                domains.isShared(domain),
                GeneratedAddresses.looksGenerated(call.address()),
                false,
                call.country());
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
