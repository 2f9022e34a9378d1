package org.countersign.testkit;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** The promises of all services about their management port. */
public final class ManagementPort {

    /** Spellings of paths of the management port that a server, or a proxy in front of it, could resolve. */
    private static final List<String> SPELLINGS = List.of(
            "/actuator",
            "/actuator/",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/prometheus",
            "/actuator/info",
            "//actuator/health",
            "/actuator//health",
            "/./actuator/health",
            "/api/../actuator/prometheus",
            "/actuator;x=1/health",
            "/;x/actuator/health",
            "/%61ctuator/health",
            "/%2561ctuator/health",
            "/Actuator/health",
            "/v3/api-docs",
            "/v3//api-docs",
            "/v3/api-docs/",
            "/v3/api%2ddocs",
            "/v3/api-docs;a",
            "/internal/mail-data",
            "/internal/snapshot",
            "/internal",
            "//internal/snapshot",
            "/%69nternal/snapshot",
            "/internal;a/snapshot");

    /** The web server rejects an encoded slash or backslash in any path. */
    private static final List<String> REJECTED_SPELLINGS =
            List.of("/actuator%2Fhealth", "/%2factuator/prometheus", "/%5Cactuator/prometheus", "/internal%2Fsnapshot");

    private ManagementPort() {}

    /** Returns what a public port answers other than with 404 and problem details. An empty list is right. */
    public static List<String> servedOn(int publicPort) {
        HttpProbe probe = new HttpProbe(publicPort);
        List<String> served = new ArrayList<>();
        for (String path : SPELLINGS) {
            for (String method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
                HttpProbe.Response response = probe.send(
                        HttpRequest.newBuilder(probe.uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
                String type = response.headers().firstValue("Content-Type").orElse("none");
                if (response.status() != 404 || !type.equals("application/problem+json")) {
                    served.add(method + " " + path + " answers " + response.status() + " with type " + type);
                }
            }
        }
        for (String path : REJECTED_SPELLINGS) {
            check(probe, "GET " + path, 400, served);
        }
        return served;
    }

    /**
     * Returns what a management port answers wrongly to callers without the secret. An empty list is right.
     *
     * @param internal methods and paths that need the secret, for example {@code GET /internal/snapshot}
     */
    public static List<String> withoutSecret(int managementPort, String... internal) {
        HttpProbe probe = new HttpProbe(managementPort);
        List<String> wrong = new ArrayList<>();
        for (String path : List.of("/actuator/health/liveness", "/actuator/prometheus", "/v3/api-docs")) {
            check(probe, "GET " + path, 200, wrong);
            check(probe, "HEAD " + path, 200, wrong);
            check(probe, "POST " + path, 401, wrong);
        }
        for (String call :
                List.of("GET /actuator", "GET /actuator/info", "GET /actuator/env", "GET /", "GET /nothing")) {
            check(probe, call, 401, wrong);
        }
        for (String call : internal) {
            check(probe, call, 401, wrong);
            check(probe, call.replaceFirst("[A-Z]+", "HEAD"), 401, wrong);
            check(probe, call, 401, wrong, "Authorization", "Bearer wrong");
            check(probe, call, 401, wrong, HttpProbe.basic("organiser:organiser's, for tests"));
        }
        return wrong;
    }

    private static void check(HttpProbe probe, String call, int expected, List<String> wrong, String... headers) {
        String[] parts = call.split(" ");
        int status = probe.send(
                        HttpRequest.newBuilder(probe.uri(parts[1]))
                                .method(parts[0], HttpRequest.BodyPublishers.noBody()),
                        headers)
                .status();
        if (status != expected) {
            wrong.add(call + " answers " + status + " and not " + expected);
        }
    }
}
