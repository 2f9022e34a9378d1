package org.countersign.support.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

    private HttpServer service;
    private volatile int readiness = 200;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        service.createContext("/actuator/health/readiness", call -> {
            call.sendResponseHeaders(readiness, -1);
            call.close();
        });
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    private String port() {
        return Integer.toString(service.getAddress().getPort());
    }

    @Test
    void a_ready_service_is_healthy() {
        assertThat(HealthCheck.run(Map.of(), port())).isZero();
    }

    @Test
    void a_service_that_is_not_ready_is_unhealthy() {
        readiness = 503;
        assertThat(HealthCheck.run(Map.of(), port())).isEqualTo(1);
    }

    @Test
    void a_redirect_is_unhealthy() {
        readiness = 302;
        assertThat(HealthCheck.run(Map.of(), port())).isEqualTo(1);
    }

    @Test
    void a_service_that_does_not_answer_is_unhealthy() {
        service.stop(0);
        assertThat(HealthCheck.run(Map.of(), port())).isEqualTo(1);
    }

    @Test
    void a_wrong_port_is_unhealthy() {
        assertThat(HealthCheck.run(Map.of("MANAGEMENT_SERVER_PORT", "nine"), "9080"))
                .isEqualTo(1);
    }

    @Test
    void the_environment_names_address_and_port() throws IOException {
        assertThat(HealthCheck.url(Map.of(), "9080")).hasToString("http://127.0.0.1:9080/actuator/health/readiness");
        assertThat(HealthCheck.url(
                        Map.of("MANAGEMENT_SERVER_ADDRESS", "0.0.0.0", "MANAGEMENT_SERVER_PORT", "9180"), "9080"))
                .hasToString("http://127.0.0.1:9180/actuator/health/readiness");
        assertThat(HealthCheck.url(Map.of("MANAGEMENT_SERVER_ADDRESS", "fd00::1"), "9080"))
                .hasToString("http://[fd00::1]:9080/actuator/health/readiness");
    }

    @Test
    void it_runs_on_the_jdk_alone() throws Exception {
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of(HealthCheck.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        HealthCheck.class.getName(),
                        port())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes())).contains("readiness: 200");
        assertThat(check.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(check.exitValue()).isZero();
    }
}
