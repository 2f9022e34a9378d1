package org.countersign.support.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkIndexTest {

    private static InetAddress address(String text) {
        return AddressLiteral.parse(text).orElseThrow();
    }

    private static Optional<String> find(String client, String... networks) {
        return NetworkIndex.parse("networks", List.of(networks)).find(address(client));
    }

    @Test
    void finds_the_network_that_contains_an_address() {
        assertThat(find("192.0.2.77", "198.51.100.0/24", "192.0.2.0/24")).contains("192.0.2.0/24");
        assertThat(find("2001:db8:1::9", "2001:db8:2::/48", "2001:db8:1::/48")).contains("2001:db8:1::/48");
        assertThat(find("203.0.113.7", "203.0.113.7")).contains("203.0.113.7");
        assertThat(find("203.0.113.8", "203.0.113.7")).isEmpty();
        assertThat(find("203.0.113.8")).isEmpty();
    }

    @Test
    void names_the_first_of_several_networks_as_it_is_written() {
        assertThat(find("10.1.2.3", "10.1.0.0/16", "10.1.2.0/24")).contains("10.1.0.0/16");
        assertThat(find("10.1.2.3", "10.1.2.0/24", "10.1.0.0/16")).contains("10.1.2.0/24");
        assertThat(find("10.1.2.3", "10.1.2.99/24")).contains("10.1.2.99/24");
        assertThat(find("10.1.2.3", "0.0.0.0/0")).contains("0.0.0.0/0");
    }

    @Test
    void finds_what_a_comparison_with_each_network_finds() {
        Random random = new Random(21);
        List<String> networks = IntStream.range(0, 300)
                .mapToObj(
                        i -> "10.%d.%d.0/%d".formatted(random.nextInt(4), random.nextInt(256), random.nextInt(14, 25)))
                .toList();
        NetworkIndex index = NetworkIndex.parse("networks", networks);
        for (int i = 0; i < 1000; i++) {
            InetAddress client = address("10.%d.%d.1".formatted(random.nextInt(5), random.nextInt(256)));
            assertThat(index.find(client))
                    .isEqualTo(networks.stream()
                            .filter(network -> NetworkList.parse("networks", List.of(network))
                                    .contains(client))
                            .findFirst());
        }
    }

    @Test
    void an_entry_that_is_no_network_is_an_error() {
        assertThatThrownBy(() -> NetworkIndex.parse("networks", List.of("10.0.0.0/33")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/33");
    }
}
