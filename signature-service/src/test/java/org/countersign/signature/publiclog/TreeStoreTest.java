package org.countersign.signature.publiclog;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.countersign.counting.Milestones;
import org.countersign.signature.publiclog.TreeStore.TreeGrowth;
import org.countersign.signature.publiclog.TreeStore.TreeProgress;
import org.countersign.testkit.TestServers;
import org.countersign.transparency.LogKey;
import org.countersign.transparency.SignedNote;
import org.countersign.transparency.Tile;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TreeStoreTest {

    private static final LogKey KEY = LogKey.signing("log.example/log", new byte[32]);
    private static final TreeProgress EMPTY = new TreeProgress(0, 0);

    private HikariDataSource dataSource;
    private TreeStore store;

    @BeforeEach
    void emptyTree() {
        TestServers.Database database = TestServers.database();
        dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(database.url());
        dataSource.setUsername(database.user());
        dataSource.setPassword(database.password());
        Flyway.configure()
                .dataSource(database.url(), database.owner(), database.password())
                .placeholders(Map.of("runtimeRole", database.user()))
                .load()
                .migrate();
        store = new TreeStore(
                new JdbcTemplate(dataSource), new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    /** A growth whose tile and bundle have as many hashes and entries as the tree. */
    private static TreeGrowth growth(TreeProgress from, int size, int fill) {
        byte[] hashes = new byte[32 * size];
        java.util.Arrays.fill(hashes, (byte) fill);
        return new TreeGrowth(
                from,
                new TreeProgress(size, 10L * size),
                Map.of(new Tile(0, 0, size), hashes),
                Map.of(
                        0L,
                        LongStream.rangeClosed(1, size)
                                .mapToObj(EntryRef::ofEvent)
                                .toList()),
                List.of(),
                Optional.of(SignedNote.sign("log.example/log\n" + size + "\n" + "A".repeat(43) + "=\n", KEY)));
    }

    @Test
    void the_growth_of_a_leader_that_another_has_overtaken_is_refused_and_no_tile_shrinks() {
        assertThat(store.store(growth(EMPTY, 256, 1))).isTrue();
        assertThat(store.store(growth(EMPTY, 200, 2))).isFalse();
        assertThat(store.store(growth(EMPTY, 256, 2))).isFalse();
        assertThat(store.progress()).isEqualTo(new TreeProgress(256, 2560));
        assertThat(store.read(new Tile(0, 0, 256))).hasSize(32 * 256).containsOnly(1);
        assertThat(store.bundle(0)).hasSize(256);
        // Even an instance that knew the newest progress cannot replace a full tile.
        TreeGrowth narrower = growth(EMPTY, 200, 2);
        assertThat(store.store(new TreeGrowth(
                        store.progress(),
                        new TreeProgress(257, 2570),
                        narrower.tiles(),
                        narrower.bundles(),
                        List.of(),
                        Optional.empty())))
                .isTrue();
        assertThat(store.read(new Tile(0, 0, 256))).hasSize(32 * 256).containsOnly(1);
        assertThat(store.bundle(0)).hasSize(256);
    }

    @Test
    void of_two_leaders_at_once_one_grows_the_tree() {
        List<CompletableFuture<Boolean>> leaders = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            TreeGrowth growth = growth(EMPTY, 250 - i, i);
            leaders.add(CompletableFuture.supplyAsync(() -> store.store(growth)));
        }
        assertThat(leaders.stream().map(CompletableFuture::join).filter(stored -> stored))
                .hasSize(1);
        int size = (int) store.progress().size();
        assertThat(store.newestHead().orElseThrow().size()).isEqualTo(size);
        assertThat(store.bundle(0)).hasSize(size);
        assertThat(store.read(new Tile(0, 0, size))).containsOnly(250 - size);
    }

    @Test
    void an_entry_is_found_by_its_event_and_its_milestone_across_bundles() {
        List<EntryRef> entries = Stream.concat(
                        LongStream.rangeClosed(1, 256).mapToObj(number -> EntryRef.ofEvent(1000 * number)),
                        Stream.of(
                                new EntryRef(256_000, 50),
                                new EntryRef(256_000, 1_000_000_000),
                                EntryRef.ofEvent(256_001)))
                .toList();
        BundleBuilder bundles = new BundleBuilder(0, List.of());
        entries.forEach(bundles::append);
        LoggedPetition petition =
                new LoggedPetition("bench", 1, "ab", new Milestones(List.of(50L, 100L), 100), 257, 100);
        assertThat(store.store(new TreeGrowth(
                        EMPTY,
                        new TreeProgress(259, 256_001),
                        Map.of(),
                        bundles.takeChanged(),
                        List.of(petition),
                        Optional.empty())))
                .isTrue();
        for (int i = 0; i < entries.size(); i++) {
            assertThat(store.position(entries.get(i)))
                    .as(entries.get(i).toString())
                    .hasValue(i + 1);
            assertThat(store.entry(i + 1)).isEqualTo(entries.get(i));
        }
        assertThat(store.position(EntryRef.ofEvent(999))).isEmpty();
        assertThat(store.position(EntryRef.ofEvent(1001))).isEmpty();
        assertThat(store.position(new EntryRef(1000, 10))).isEmpty();
        assertThat(store.milestonePosition(256_000, 50)).hasValue(257);
        assertThat(store.petitions()).containsExactly(petition);
        assertThat(store.petitionPosition("bench")).hasValue(1);
        assertThat(store.petitionPosition("nowhere")).isEmpty();
        assertThat(EntryBundle.encode(entries.subList(0, 256)))
                .as("two bytes an entry")
                .hasSize(512);
    }
}
