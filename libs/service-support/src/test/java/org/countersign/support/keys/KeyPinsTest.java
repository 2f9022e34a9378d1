package org.countersign.support.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import org.countersign.testkit.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class KeyPinsTest {

    private static final String SETTING = "COUNTERSIGN_KEYS_X";

    private JdbcClient database;
    private KeyPins pins;

    @BeforeEach
    void emptyDatabase() {
        TestServers.Database server = TestServers.database();
        database = JdbcClient.create(new DriverManagerDataSource(server.url(), server.owner(), server.password()));
        database.sql("create table key_pin (ring text, number integer, fingerprint bytea, primary key (ring, number))")
                .update();
        pins = new KeyPins(database);
    }

    private static String key(int number, int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return number + ":" + Base64.getEncoder().encodeToString(key);
    }

    @Test
    void a_key_that_can_never_change_starts_again_and_no_other_does() {
        pins.fixed(SETTING, "ring", key(1, 5));
        assertThat(pins.fixed(SETTING, "ring", key(1, 5)).current()).isEqualTo(1);
        assertThatThrownBy(() -> pins.fixed(SETTING, "ring", key(1, 6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(SETTING)
                .hasMessageContaining("Set the earlier key again");
        assertThatThrownBy(() -> pins.fixed(SETTING, "ring", key(2, 6)))
                .hasMessageContaining(SETTING)
                .hasMessageContaining("Set the first key again");
        assertThatThrownBy(() -> pins.fixed(SETTING, "ring", key(2, 6) + " " + key(1, 5)))
                .hasMessageContaining(SETTING)
                .hasMessageContaining("Leave only the key of the first start");
        assertThatThrownBy(() -> pins.fixed(SETTING, "ring", key(1, 5) + " " + key(2, 6)))
                .hasMessageContaining("Leave only the key of the first start");
    }

    @Test
    void a_second_key_does_not_start_at_the_first_time_either() {
        assertThatThrownBy(() -> pins.fixed(SETTING, "ring", key(1, 5) + " " + key(2, 6)))
                .hasMessageContaining(SETTING);
    }

    @Test
    void a_ring_can_rotate_but_loses_no_key_that_is_in_use() {
        pins.rotating(SETTING, "ring", key(1, 5), number -> true);
        pins.rotating(SETTING, "ring", key(2, 6) + " " + key(1, 5), number -> true);
        assertThatThrownBy(() -> pins.rotating(SETTING, "ring", key(2, 6), number -> true))
                .hasMessageContaining(SETTING + " lacks key number 1")
                .hasMessageContaining("delete from key_pin where ring = 'ring' and number = 1");
        assertThat(pins.rotating(SETTING, "ring", key(2, 6), number -> number != 1)
                        .current())
                .isEqualTo(2);
        assertThatThrownBy(() -> pins.rotating(SETTING, "ring", key(2, 7), number -> false))
                .hasMessageContaining("Key number 2 of " + SETTING);
    }

    @Test
    void a_name_stays_as_it_was_at_the_first_start() {
        pins.requireUnchanged("COUNTERSIGN_TRANSPARENCY_NAME", "name", "petitions.example.org/log");
        pins.requireUnchanged("COUNTERSIGN_TRANSPARENCY_NAME", "name", "petitions.example.org/log");
        assertThatThrownBy(() -> pins.requireUnchanged("COUNTERSIGN_TRANSPARENCY_NAME", "name", "other.example/log"))
                .hasMessageContaining("COUNTERSIGN_TRANSPARENCY_NAME")
                .hasMessageContaining("petitions.example.org/log");
    }

    @Test
    void a_fingerprint_holds_nothing_of_the_key() {
        pins.fixed(SETTING, "ring", key(1, 5));
        byte[] stored = database.sql("select fingerprint from key_pin")
                .query(byte[].class)
                .single();
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 5);
        assertThat(stored).hasSize(32).isNotEqualTo(key);
        pins.fixed(SETTING, "another ring", key(1, 5));
        assertThat(database.sql("select count(distinct fingerprint) from key_pin")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void a_tag_holds_for_its_parts_and_key_alone() {
        KeyRing ring = KeyRing.parse(SETTING, key(1, 5));
        byte[] tag = ring.tag("one".getBytes(), "two".getBytes());
        assertThat(tag).hasSize(KeyRing.TAG_BYTES).startsWith(1);
        assertThat(ring.verifies(tag, "one".getBytes(), "two".getBytes())).isTrue();
        assertThat(KeyRing.parse(SETTING, key(2, 6) + " " + key(1, 5))
                        .verifies(tag, "one".getBytes(), "two".getBytes()))
                .isTrue();
        assertThat(ring.verifies(tag, "one".getBytes(), "tow".getBytes())).isFalse();
        assertThat(ring.verifies(new byte[0], "one".getBytes())).isFalse();
        assertThat(KeyRing.parse(SETTING, key(1, 6)).verifies(tag, "one".getBytes(), "two".getBytes()))
                .isFalse();
        assertThat(KeyRing.parse(SETTING, key(2, 5)).verifies(tag, "one".getBytes(), "two".getBytes()))
                .isFalse();
    }
}
