package org.countersign.notifier.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetPolicyTest {

    private final WebhookTargetPolicy destinations = new WebhookTargetPolicy(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "ff02::1"
            })
    void webhooks_go_nowhere_into_the_operators_own_network(String address) throws Exception {
        assertThat(destinations.isAllowed(InetAddress.getByName(address))).isFalse();
        assertThatThrownBy(() -> destinations.resolve(address))
                .isInstanceOf(WebhookTargetPolicy.ForbiddenTargetException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450::1"})
    void webhooks_go_to_public_addresses(String address) throws Exception {
        assertThat(destinations.isAllowed(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void loopback_is_allowed_only_where_it_is_configured_and_nothing_else_with_it() throws Exception {
        WebhookTargetPolicy trial = new WebhookTargetPolicy(true);
        assertThat(trial.isAllowed(InetAddress.getByName("127.0.0.1"))).isTrue();
        assertThat(trial.isAllowed(InetAddress.getByName("10.0.0.1"))).isFalse();
        assertThatThrownBy(() -> destinations.requireAllowed(URI.create("http://localhost/hook")))
                .isInstanceOf(WebhookTargetPolicy.ForbiddenTargetException.class);
    }
}
