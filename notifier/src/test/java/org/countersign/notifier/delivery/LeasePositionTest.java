package org.countersign.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeasePositionTest {

    private long now = Long.MAX_VALUE - 1;
    private final LeasePosition position = new LeasePosition(false, () -> now);

    @Test
    void searchesFromTheLastLeaseAndOnceInAnIntervalFromTheStart() {
        position.leased(position.searchAfter(), 40);
        assertThat(position.searchAfter()).isEqualTo(40);

        position.leased(40, 70);
        assertThat(position.searchAfter()).isEqualTo(70);

        pass();
        assertThat(position.searchAfter()).isZero();
        assertThat(position.searchAfter()).isEqualTo(70);
    }

    @Test
    void aSearchThatEndsLateDoesNotMoveThePositionBack() {
        position.leased(position.searchAfter(), 40);
        position.leased(40, 90);
        position.leased(40, 80);
        assertThat(position.searchAfter()).isEqualTo(90);
    }

    @Test
    void theNumbersOfAReplacedDatabaseMoveThePositionBack() {
        position.leased(position.searchAfter(), 5_000);

        pass();
        position.leased(position.searchAfter(), 12);
        assertThat(position.searchAfter()).isEqualTo(12);
    }

    @Test
    void anOrderedChannelIsAlwaysSearchedFromTheStart() {
        LeasePosition ordered = new LeasePosition(true, () -> now);
        ordered.leased(ordered.searchAfter(), 40);
        assertThat(ordered.searchAfter()).isZero();
    }

    private void pass() {
        now += LeasePosition.SEARCH_FROM_START_INTERVAL.toNanos();
    }
}
