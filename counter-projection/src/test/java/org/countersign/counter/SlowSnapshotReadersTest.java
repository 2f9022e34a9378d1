package org.countersign.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.countersign.events.PetitionSlug;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that ask for the snapshot and do not read it. */
class SlowSnapshotReadersTest extends RunningCounter {

    /** Far more than the sockets of a reader take. */
    private static final int MINUTES = 200_000;

    private final List<Socket> readers = new ArrayList<>();
    private final PetitionSlug petition = petition(List.of(), 100);

    @BeforeEach
    void fill() throws IOException {
        awaitCounted();
        database.sql("""
                        insert into minute_count (petition, minute, verified, signed)
                        select ?, timestamptz '2030-05-01' + number * interval '1 minute', 1, 1
                        from generate_series(1, ?) as number""").params(petition.value(), MINUTES).update();
        for (int i = 0; i < 4; i++) {
            Socket reader = new Socket();
            reader.setReceiveBufferSize(4096);
            reader.connect(new InetSocketAddress("127.0.0.1", managementPort));
            reader.getOutputStream()
                    .write(("GET /internal/snapshot HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + INTERNAL_PASSWORD + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // The beginning of the head: the snapshot is there, and the reader stops reading.
            assertThat(reader.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
            readers.add(reader);
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket reader : readers) {
            reader.close();
        }
        database.sql("delete from minute_count where petition = ?")
                .param(petition.value())
                .update();
    }

    @Test
    void slow_readers_hold_neither_the_snapshot_nor_a_connection_of_the_database() {
        assertThat(snapshot().body()).endsWith("{\"is\":\"end\"}\n");
        assertThat(database.sql("select count(*) from pg_stat_activity where state = 'idle in transaction'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_reader_that_takes_too_long_is_disconnected() {
        Socket slow = readers.get(0);
        // It begins to read a little, again and again.
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> endsAfter(slow, 100_000));
    }

    private static boolean endsAfter(Socket reader, int bytes) {
        try {
            return reader.getInputStream().readNBytes(bytes).length < bytes;
        } catch (IOException reset) {
            return true;
        }
    }
}
