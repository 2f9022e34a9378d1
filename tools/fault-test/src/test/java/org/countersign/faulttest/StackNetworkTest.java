package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import org.countersign.faulttest.StackNetwork.LineMode;
import org.countersign.localstack.client.Ports;
import org.countersign.localstack.net.Endpoint;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;
import org.countersign.localstack.server.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines that fail between a client of this test and a server that returns each byte. */
class StackNetworkTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int SHORT_MILLIS = 300;

    private final Ports ports =
            Ports.withOffset(FreePorts.any() - Ports.withOffset(0).kafka());
    private final StackNetwork network = StackNetwork.single(ports);
    private TcpListener kafka;
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        kafka = TcpListener.open(ports.kafka(), socket -> TcpRelay.startDaemon("echo", () -> echo(socket)));
        client = new Socket();
        client.connect(network.to(Endpoint.loopback(ports.kafka())).address());
        client.setSoTimeout((int) LONG.toMillis());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        network.close();
        kafka.close();
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private int call(int sent) throws IOException {
        client.getOutputStream().write(sent);
        return client.getInputStream().read();
    }

    @Test
    void a_good_line_relays_every_byte() throws IOException {
        assertThat(call(7)).isEqualTo(7);
    }

    @Test
    void an_unknown_endpoint_is_reached_directly() {
        assertThat(network.to(Endpoint.loopback(1))).isEqualTo(Endpoint.loopback(1));
    }

    @Test
    void a_cut_line_closes_connections_and_refuses_new_ones() throws IOException {
        assertThat(call(1)).isEqualTo(1);
        network.disturb("Kafka", LineMode.CUT);
        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(() -> {
                            if (call(2) < 0) {
                                throw new IOException("the end of the stream");
                            }
                        })
                        .isInstanceOf(IOException.class));
        try (Socket second = new Socket()) {
            second.connect(network.to(Endpoint.loopback(ports.kafka())).address());
            assertThat(second.getInputStream().read()).isNegative();
        }
    }

    @Test
    void a_hanging_line_keeps_the_bytes_until_it_is_repaired() throws IOException {
        network.disturb("Kafka", LineMode.HANGING);
        client.setSoTimeout(SHORT_MILLIS);
        assertThatThrownBy(() -> call(3)).isInstanceOf(SocketTimeoutException.class);
        network.repair();
        client.setSoTimeout((int) LONG.toMillis());
        assertThat(client.getInputStream().read()).isEqualTo(3);
    }

    @Test
    void a_part_that_is_cut_off_loses_only_its_lines_to_the_others() throws IOException {
        network.isolate(Set.of(ConnectionOwners.OUTSIDE, "Kafka"), LineMode.CUT);
        assertThat(call(4)).isEqualTo(4);
        network.isolate(Set.of("PostgreSQL"), LineMode.CUT);
        assertThat(call(5)).isEqualTo(5);
    }
}
