package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The script of "helm test", run by bash against servers that answer as docs/api.md says. */
class HelmTestScriptTest {

    private static final int OK = 200;

    private final List<String> calls = new ArrayList<>();
    private HttpServer server;
    private int verified = 7;
    private int counted = 1;
    private String status = "UP";
    private String email = "";

    /** What the script has printed, and its exit code. */
    private record Run(String output, int exitCode) {}

    @BeforeEach
    void servers() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String request = call.getRequestMethod() + " " + call.getRequestURI();
        calls.add(request);
        if (request.startsWith("GET /actuator")) {
            respond(call, status.equals("DOWN") ? 503 : OK, "{\"components\":{},\"status\":\"" + status + "\"}");
        } else if (request.equals("GET /api/deliveries")) {
            respond(call, 401, "{}");
        } else if (request.endsWith("/counts")) {
            respond(call, OK, "{\"petition\":\"demo\",\"verified\":" + verified + ",\"goal\":100}");
        } else if (request.endsWith("/signatures")) {
            email = body.replaceFirst(".*\"email\":\"([^\"]+)\".*", "$1");
            respond(call, 202, "{\"status\":\"pending\"}");
        } else if (request.startsWith("GET /api/v1/search")) {
            assertThat(request).endsWith("query=to:" + email);
            respond(call, OK, "{\"messages\":[{\"ID\":\"thanks\"},{\"ID\":\"confirm\"}]}");
        } else if (request.startsWith("GET /api/v1/message/")) {
            String id = request.substring(request.lastIndexOf('/') + 1);
            respond(call, OK, "{\"Text\":\"Hello\\r\\nhttps://x.example/" + links(id) + "\\r\\nBye\"}");
        } else if (request.startsWith("POST /api/signatures/")) {
            respond(call, decide(request, body), "{\"status\":\"done\"}");
        } else {
            respond(call, OK, "[]");
        }
    }

    private static String links(String mail) {
        return mail.equals("confirm")
                ? "confirm?token=C-1_x"
                : "withdraw?token=W-2\\r\\nhttps://x.example/my-data?token=M-3";
    }

    private int decide(String request, String body) {
        if (request.endsWith("/verify") && body.equals("{\"token\":\"C-1_x\"}")) {
            verified += counted;
            return OK;
        }
        if (request.endsWith("/withdraw") && body.equals("{\"token\":\"W-2\"}")) {
            verified -= counted;
            return OK;
        }
        return request.endsWith("/erase") && body.equals("{\"token\":\"M-3\"}") ? OK : 410;
    }

    private static void respond(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private Run run(String petition, boolean mailpit) throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("basedir")).resolve("target/sign-and-confirm.sh");
        Chart.write(
                script,
                Chart.with("full").one(ConfigMap.class, "-test").getData().get("sign-and-confirm.sh"));
        ProcessBuilder bash = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true);
        String address = "127.0.0.1:" + server.getAddress().getPort();
        Map<String, String> environment = bash.environment();
        Chart.with("full").pods().get("Pod petitions-test").getSpec().getContainers().get(0).getEnv().stream()
                .filter(variable -> variable.getValue().matches(".*:\\d+"))
                .forEach(variable -> environment.put(variable.getName(), address));
        environment.put("PETITION", petition);
        environment.put("EMAIL_DOMAIN", "test.example.org");
        environment.put("TIMEOUT", "3");
        if (!mailpit) {
            environment.remove("MAILPIT");
        }
        Process process = bash.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(output, process.exitValue());
    }

    @Test
    void with_a_mailbox_it_signs_confirms_counts_withdraws_and_erases() throws Exception {
        Run run = run("demo", true);
        assertThat(run.output()).endsWith("TESTED: sign, mail, confirm, count, withdraw, erase.\n");
        assertThat(run.exitCode()).isZero();
        assertThat(calls)
                .containsSubsequence(
                        "POST /api/petitions/demo/signatures",
                        "POST /api/signatures/verify",
                        "POST /api/signatures/withdraw",
                        "POST /api/signatures/erase");
        assertThat(email).matches("test-[0-9]+-[0-9]+@test\\.example\\.org");
    }

    @Test
    void a_count_that_does_not_rise_fails_it() throws Exception {
        counted = 0;
        Run run = run("demo", true);
        assertThat(run.output()).contains("FAILED: the count is 7 after 3 s");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void without_a_mailbox_it_says_that_nothing_was_confirmed() throws Exception {
        Run run = run("demo", false);
        assertThat(run.output()).contains("ok: signed as", "NOT TESTED: the mail and the confirmation");
        assertThat(run.exitCode()).isZero();
        assertThat(calls).noneMatch(call -> call.contains("verify"));
    }

    @Test
    void without_a_petition_it_signs_nothing_and_says_so() throws Exception {
        Run run = run("", true);
        assertThat(run.output()).contains("NOT TESTED: signing and confirming");
        assertThat(run.exitCode()).isZero();
        assertThat(calls).noneMatch(call -> call.startsWith("POST"));
    }

    @Test
    void a_degraded_service_is_ready_and_one_that_is_down_fails_it() throws Exception {
        status = "DEGRADED";
        Run degraded = run("", false);
        assertThat(degraded.output()).contains("is ready", "is DEGRADED");
        assertThat(degraded.exitCode()).isZero();
        status = "DOWN";
        Run run = run("", false);
        assertThat(run.output()).contains("FAILED:", "is ready was answered 503");
        assertThat(run.exitCode()).isEqualTo(1);
    }
}
