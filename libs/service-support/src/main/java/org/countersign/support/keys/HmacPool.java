package org.countersign.support.keys;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 under one key. Prepared instances are reused. */
final class HmacPool {

    private static final String ALGORITHM = "HmacSHA256";

    private final InstancePool<Mac> prepared;

    HmacPool(byte[] key) {
        SecretKeySpec secret = new SecretKeySpec(key, ALGORITHM);
        prepared = new InstancePool<>(() -> prepare(secret));
    }

    byte[] mac(byte[]... parts) {
        Mac mac = prepared.take();
        for (byte[] part : parts) {
            mac.update(part);
        }
        byte[] result = mac.doFinal();
        prepared.put(mac);
        return result;
    }

    private static Mac prepare(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java lacks " + ALGORITHM, e);
        }
    }
}
