package org.countersign.signature.screening;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.events.SigningRules.SigningLimit;
import org.countersign.signature.screening.SigningRates.SharedLevel;
import org.countersign.support.id.NameBasedUuid;
import org.countersign.support.keys.InstancePool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Limits that all instances share: leaky buckets. Each call raises the level of its bucket, and time lowers it. Each
 * instance counts in memory, and twice a second adds what it has counted to a table and takes over what others have.
 * Until then, each instance takes a burst of its own. It keeps the first call to itself until a second one follows: in
 * a crowd, most networks have one.
 *
 * <p>Calls over the limit count as well, up to twice the burst. A bot therefore stays over the limit until it slows
 * down, and two minutes after it ends, the default limit is free again.
 */
@Component
class SharedLimits {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLimits.class);
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MAX_BUCKETS = 200_000;
    private static final Duration BUCKET_TTL = Duration.ofMinutes(30);
    private static final int MAX_EXCHANGED = 5_000;
    private static final long INTERVAL_MILLIS = 500;
    /** The level is at most this many bursts. */
    private static final int MAX_BURSTS = 2;

    private static final double SECONDS_PER_MINUTE = 60;
    private static final double NANOS_PER_SECOND = 1e9;
    /** Levels are sums of fractions. */
    private static final double ROUNDING = 1e-6;

    private final SigningRates rates;
    private final LongSupplier nanoTime;
    private final Cache<UUID, LeakyBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(BUCKET_TTL)
            .build();
    /** The keys of the buckets with a level that the table lacks. */
    private final Set<UUID> changed = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "signing-limits"));
    private volatile DayKey key = DayKey.of(randomKey());
    private boolean reachable = true;

    @Autowired
    SharedLimits(SigningRates rates) {
        this(rates, System::nanoTime);
    }

    SharedLimits(SigningRates rates, LongSupplier nanoTime) {
        this.rates = rates;
        this.nanoTime = nanoTime;
    }

    private static final class LeakyBucket {

        private double level;
        private double rate;
        private double max;
        private double unshared;
        private long at;

        private void leak(long now) {
            level = Math.max(0, level - rate * (now - at) / NANOS_PER_SECOND);
            unshared = Math.min(unshared, level);
            at = now;
        }

        synchronized boolean take(SigningLimit limit, long now) {
            leak(now);
            rate = limit.perMinute() / SECONDS_PER_MINUTE;
            max = (double) MAX_BURSTS * limit.burst();
            boolean within = level + 1 <= limit.burst() + ROUNDING;
            double added = Math.min(1, Math.max(0, max - level));
            level += added;
            unshared += added;
            return within;
        }

        /** Returns what was added, or nothing if it is a single call that does not hold the next one. */
        synchronized Optional<SharedLevel> share(UUID key) {
            if (level <= 1 && level <= max / MAX_BURSTS - 1) {
                return Optional.empty();
            }
            SharedLevel added = new SharedLevel(key, unshared, rate, max);
            unshared = 0;
            return Optional.of(added);
        }

        synchronized void takeBack(double level) {
            unshared += level;
        }

        synchronized void set(SharedLevel shared, long now) {
            level = shared.level() + unshared;
            rate = shared.rate();
            max = shared.max();
            at = now;
        }
    }

    /**
     * Counts a call.
     *
     * @param name what is limited; only its keyed hash is kept
     * @param limit the limit at this time
     * @return whether the call is within the limit
     */
    boolean take(String name, SigningLimit limit) {
        UUID id = id(name);
        boolean within = buckets.get(id, unknown -> new LeakyBucket()).take(limit, nanoTime.getAsLong());
        if (changed.size() < MAX_BUCKETS) {
            changed.add(id);
        }
        return within;
    }

    private UUID id(String name) {
        InstancePool<Mac> pool = key.macs();
        Mac mac = pool.take();
        byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
        pool.put(mac);
        return NameBasedUuid.ofHash(hash);
    }

    /** The key of a day. */
    private record DayKey(byte[] secret, InstancePool<Mac> macs) {

        static DayKey of(byte[] secret) {
            return new DayKey(secret, new InstancePool<>(() -> mac(secret)));
        }

        private static Mac mac(byte[] secret) {
            try {
                Mac mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(secret, HMAC));
                return mac;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Java lacks " + HMAC, e);
            }
        }
    }

    private static byte[] randomKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    @PostConstruct
    void start() {
        exchange();
        timer.scheduleWithFixedDelay(this::exchange, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }

    /** Shares the levels with the other instances. Without the database, each instance applies its own levels. */
    final void exchange() {
        try {
            takeKeyOfToday();
            share();
            // Others may have filled a bucket that this instance has not seen yet.
            rates.changed(MAX_EXCHANGED).forEach(this::takeOver);
            reachable = true;
        } catch (RuntimeException e) {
            if (reachable) {
                LOG.warn("Cannot share the limits of signing: {}", e.getMessage());
            }
            reachable = false;
        }
    }

    private void takeKeyOfToday() {
        byte[] today = rates.keyOfToday(randomKey());
        if (!Arrays.equals(today, key.secret())) {
            key = DayKey.of(today);
            changed.clear();
            buckets.invalidateAll();
        }
    }

    private void share() {
        List<SharedLevel> added = new ArrayList<>();
        for (Iterator<UUID> ids = changed.iterator(); ids.hasNext() && added.size() < MAX_EXCHANGED; ) {
            UUID id = ids.next();
            ids.remove();
            LeakyBucket bucket = buckets.getIfPresent(id);
            if (bucket != null) {
                bucket.share(id).ifPresent(added::add);
            }
        }
        try {
            rates.add(added).forEach(this::takeOver);
        } catch (RuntimeException e) {
            added.forEach(level -> {
                buckets.get(level.key(), unknown -> new LeakyBucket()).takeBack(level.level());
                changed.add(level.key());
            });
            throw e;
        }
    }

    private void takeOver(SharedLevel shared) {
        buckets.get(shared.key(), unknown -> new LeakyBucket()).set(shared, nanoTime.getAsLong());
    }
}
