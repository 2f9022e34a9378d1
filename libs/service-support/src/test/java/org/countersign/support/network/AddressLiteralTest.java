package org.countersign.support.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1:4711, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "2001:DB8:0:0::1, 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:4711, 2001:db8:0:0:0:0:0:1",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
        "[fe80::1%eth0]:80, fe80:0:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:0201, 192.0.2.1",
        "::1, 0:0:0:0:0:0:0:1"
    })
    void an_address_is_parsed_in_every_form(String text, String expected) {
        assertThat(AddressLiteral.parse(text).map(InetAddress::getHostAddress)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "_hidden",
                "localhost",
                "example.org",
                "dead.beef",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "010.0.0.1",
                "0x7f000001",
                "2130706433",
                ":",
                ":::",
                "1::2::3",
                "2001:db8::g",
                "[192.0.2.1",
                "1.2.3.4:x",
                "1.2.3.4:",
                "1.2.3.4:123456",
                "1.2.3.4x",
                "1.2.3.",
                "1..2.3",
                ".1.2.3",
                "1.2.3.99999999999",
                "192.0.2.1, 192.0.2.2"
            })
    void everything_else_is_no_address_and_no_name_server_is_asked(String text) {
        assertThat(AddressLiteral.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2001:db8::1", "2001:db8::a:b:c:d", "2001:db8:0:0:ffff::", "[2001:db8::2]:80", "2001:db8:0::7"})
    void every_form_of_an_address_in_a_64_network_is_the_same_network(String text) {
        assertThat(ClientNetwork.of(AddressLiteral.parse(text).orElseThrow()))
                .isEqualTo(ClientNetwork.of(
                        AddressLiteral.parse("2001:db8:0:0:1:2:3:4").orElseThrow()));
    }

    @Test
    void ipv4_addresses_and_other_64_networks_are_different_networks() {
        assertThat(List.of("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "2001:db9::1"))
                .extracting(text -> ClientNetwork.of(AddressLiteral.parse(text).orElseThrow()))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_list_of_networks_contains_exactly_its_addresses() {
        NetworkList list =
                NetworkList.parse("ANY", List.of("10.0.0.0/8", " 192.168.4.0/23", "", "2001:db8::/33", "::1"));
        assertThat(List.of("10.255.0.1", "192.168.5.9", "2001:db8:7fff::1", "::1", "::ffff:10.1.1.1"))
                .allMatch(text -> list.contains(AddressLiteral.parse(text).orElseThrow()));
        assertThat(List.of("11.0.0.1", "192.168.6.1", "2001:db8:8000::1", "::2", "127.0.0.1"))
                .noneMatch(text -> list.contains(AddressLiteral.parse(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "proxy.example", "::1/129", "10.0.0.0/", "10.0.0.0/-1", "10/8"})
    void an_entry_that_is_no_network_is_named_with_its_setting(String entry) {
        assertThatThrownBy(() -> NetworkList.parse("COUNTERSIGN_TRUSTED_PROXIES", List.of(entry)))
                .hasMessageContaining("COUNTERSIGN_TRUSTED_PROXIES")
                .hasMessageContaining(entry);
    }
}
