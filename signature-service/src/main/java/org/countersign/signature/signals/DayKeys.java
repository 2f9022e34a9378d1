package org.countersign.signature.signals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.countersign.signature.signals.SignalStore.StoredKey;
import org.countersign.support.keys.InstancePool;
import org.springframework.stereotype.Component;

/** The keys of yesterday and today, under which the hashes of signals are made. All instances use the same ones. */
@Component
class DayKeys {

    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SignalStore store;
    private volatile List<SignalKey> keys = List.of();

    DayKeys(SignalStore store) {
        this.store = store;
    }

    /**
     * The key of a day.
     *
     * @param day the day in UTC
     */
    record SignalKey(LocalDate day, byte[] secret, InstancePool<Mac> macs) {

        static SignalKey of(LocalDate day, byte[] secret) {
            return new SignalKey(day, secret, new InstancePool<>(() -> mac(secret)));
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

        /** Returns 8 bytes of the keyed hash of a value; the kind keeps equal values of two kinds apart. */
        long hash(String kind, byte[] value) {
            Mac mac = macs.take();
            mac.update((kind + "|").getBytes(StandardCharsets.US_ASCII));
            long hash = ByteBuffer.wrap(mac.doFinal(value)).getLong();
            macs.put(mac);
            return hash;
        }

        boolean isStoredAs(StoredKey stored) {
            return day.equals(stored.day()) && Arrays.equals(secret, stored.secret());
        }

        /** Hides the key. */
        @Override
        public String toString() {
            return "SignalKey[" + day + "]";
        }
    }

    /**
     * Reads the keys from the database.
     *
     * @return the key of today
     * @throws org.springframework.dao.DataAccessException if the database cannot be read
     */
    SignalKey refresh() {
        byte[] random = new byte[KEY_BYTES];
        RANDOM.nextBytes(random);
        List<SignalKey> known = keys;
        keys = store.keys(random).stream()
                .map(stored -> known.stream()
                        .filter(key -> key.isStoredAs(stored))
                        .findAny()
                        .orElseGet(() -> SignalKey.of(stored.day(), stored.secret())))
                .toList();
        return keys.get(keys.size() - 1);
    }

    /** Returns the keys that were read last, the oldest first. */
    List<SignalKey> known() {
        return keys;
    }
}
