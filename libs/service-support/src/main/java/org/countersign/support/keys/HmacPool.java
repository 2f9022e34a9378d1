package org.countersign.support.keys;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under one key. Prepared instances are reused. They are pooled and not kept per thread, because most
 * calls come from virtual threads, which live for one request.
 */
final class HmacPool {

    private static final String ALGORITHM = "HmacSHA256";
    /** More threads than the cores of a large machine rarely compute at the same moment. A power of two. */
    private static final int SIZE = 64;

    private final SecretKeySpec key;
    private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(SIZE);

    HmacPool(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    byte[] mac(byte[]... parts) {
        int place = (int) Thread.currentThread().getId() & SIZE - 1;
        Mac mac = idle.getAndSet(place, null);
        if (mac == null) {
            mac = prepare();
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        byte[] result = mac.doFinal();
        idle.set(place, mac);
        return result;
    }

    private Mac prepare() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + ALGORITHM, e);
        }
    }
}
