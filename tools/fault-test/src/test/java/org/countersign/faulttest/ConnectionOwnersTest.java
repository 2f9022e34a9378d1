package org.countersign.faulttest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Finds who has opened a connection, with real processes. */
@EnabledOnOs(OS.LINUX)
class ConnectionOwnersTest {

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private Process connect(String script) throws IOException {
        return new ProcessBuilder("bash", "-c", script.formatted(server.getLocalPort())).start();
    }

    @Test
    void a_connection_of_a_part_is_known_and_so_is_that_of_its_child() throws Exception {
        for (String script : new String[] {
            "exec 3<>/dev/tcp/127.0.0.1/%d; read line", "bash -c 'exec 3<>/dev/tcp/127.0.0.1/%d; read line'; true"
        }) {
            Process process = connect(script);
            try (Socket accepted = server.accept()) {
                ConnectionOwners owners = new ConnectionOwners(() -> Map.of("Kafka-1", process.toHandle()));
                assertThat(owners.of(accepted, System.nanoTime())).as(script).isEqualTo("Kafka-1");
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void any_other_connection_comes_from_outside() throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(new ConnectionOwners(Map::of).of(accepted, System.nanoTime()))
                    .isEqualTo(ConnectionOwners.OUTSIDE);
        }
    }

    @Test
    void a_client_that_has_gone_is_reported() throws Exception {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        try (Socket accepted = server.accept()) {
            // Without a linger time, the system forgets the connection at once.
            client.setSoLinger(true, 0);
            client.close();
            assertThatThrownBy(() -> new ConnectionOwners(Map::of).of(accepted, System.nanoTime()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
    }
}
