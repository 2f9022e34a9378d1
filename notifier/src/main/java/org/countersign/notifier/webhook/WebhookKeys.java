package org.countersign.notifier.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Derives the secret of each webhook from one key and the webhook's id. No secret is stored. */
@Component
class WebhookKeys {

    private static final int KEY_BYTES = 32;

    private final byte[] key;

    WebhookKeys(@Value("${countersign.keys.webhook:}") String base64) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            decoded = new byte[0];
        }
        if (decoded.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "COUNTERSIGN_KEYS_WEBHOOK must be 32 random bytes in Base64, such as $(openssl rand -base64 32)");
        }
        key = decoded;
    }

    /** Returns the secret in the form for its receiver. */
    String secret(UUID webhook) {
        return "whsec_" + Base64.getEncoder().encodeToString(secretBytes(webhook));
    }

    /** Returns the header {@code webhook-signature}. */
    String signature(UUID webhook, String messageId, long timestamp, String body) {
        byte[] signed =
                hmac(secretBytes(webhook), (messageId + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(signed);
    }

    private byte[] secretBytes(UUID webhook) {
        return hmac(key, webhook.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing", e);
        }
    }
}
