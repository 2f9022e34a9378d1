package org.countersign.notifier.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class WebhookKeysTest {

    private final WebhookKeys keys = new WebhookKeys(Base64.getEncoder().encodeToString(new byte[32]));

    @Test
    void a_receiver_can_check_the_signature_with_the_secret_it_was_given() throws Exception {
        UUID webhook = UUID.randomUUID();
        String secret = keys.secret(webhook);
        assertThat(secret).startsWith("whsec_");
        // As standardwebhooks.com has receivers do it.
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        String expected = Base64.getEncoder()
                .encodeToString(mac.doFinal("msg_1.1614265330.{\"test\":2}".getBytes(StandardCharsets.UTF_8)));
        assertThat(keys.signature(webhook, "msg_1", 1614265330, "{\"test\":2}")).isEqualTo("v1," + expected);
    }

    @Test
    void each_webhook_has_a_secret_of_its_own() {
        assertThat(keys.secret(UUID.randomUUID())).isNotEqualTo(keys.secret(UUID.randomUUID()));
    }

    @Test
    void a_key_that_is_none_is_refused_by_name() {
        assertThatThrownBy(() -> new WebhookKeys("short")).hasMessageContaining("COUNTERSIGN_KEYS_WEBHOOK");
    }
}
