package org.countersign.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tries every call of a service with every method and every role, and compares the answers with a table. */
public final class AccessMatrix {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "INVENTED");
    private static final Set<Integer> DENIED = Set.of(401, 403, 405, 429);

    private static final int MAX_RETRIES = 60;
    private static final long RETRY_MILLIS = 1000;

    private final int port;
    private final Map<String, String> passwords;
    private final String internal;
    private final Map<String, Map<String, String>> rolesByPath = new TreeMap<>();
    private int source = 10;

    /**
     * Creates the matrix.
     *
     * @param port the service's public port
     * @param passwords the passwords of organiser and auditor
     * @param internal the secret of internal calls, which opens nothing here
     * @param table lines of roles, method and path: {@code public GET /api/petitions/{petition}} or
     *     {@code organiser,auditor GET …}
     */
    public AccessMatrix(int port, Map<String, String> passwords, String internal, String table) {
        this.port = port;
        this.passwords = passwords;
        this.internal = internal;
        table.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.strip().split(" +"))
                .forEach(line -> rolesByPath
                        .computeIfAbsent(line[2], path -> new LinkedHashMap<>())
                        .put(line[1], line[0]));
    }

    /** Returns the calls of the table, as method and path. */
    public Set<String> calls() {
        Set<String> calls = new TreeSet<>();
        rolesByPath.forEach((path, methods) -> methods.keySet().forEach(method -> calls.add(method + " " + path)));
        return calls;
    }

    /** Returns every answer that the table does not allow. */
    public List<String> violations() {
        List<String> violations = new ArrayList<>();
        rolesByPath.forEach((path, methods) -> {
            for (String method : METHODS) {
                for (String caller : List.of("none", "organiser", "auditor", "internal", "wrong")) {
                    int status = send(method, path, caller);
                    if (!isAllowed(status, method, path, caller, methods)) {
                        violations.add(method + " " + path + " as " + caller + " answers " + status);
                    }
                }
            }
        });
        return violations;
    }

    private int send(String method, String path, String caller) {
        String address = path.replace("{petition}", "no-such-petition")
                .replace("{slug}", "no-such-petition")
                .replace("{organisation}", "no-such-organisation")
                .replace("{id}", "0576e50d-5a4b-8c1e-9a57-0f2e1c9d3b7a")
                .replace("/{*path}", "/0/000")
                .replace("/{*rest}", "/rest");
        // Failures of one address are limited.
        String from = caller.equals("wrong") ? "127.0.0." + (10 + source++ % 240) : "127.0.0.1";
        int status = new RawHttp(port, from).send(method, address, credentials(caller));
        // A proxy may hide the address. The limit decays.
        for (int i = 0; status == 429 && !caller.equals("wrong") && i < MAX_RETRIES; i++) {
            pause();
            status = new RawHttp(port, from).send(method, address, credentials(caller));
        }
        return status;
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> credentials(String caller) {
        return switch (caller) {
            case "none" -> List.of();
            case "internal" -> List.of("Authorization: Bearer " + internal);
            case "wrong" -> List.of("Authorization: " + basic("organiser", "not the password"));
            default -> List.of("Authorization: " + basic(caller, passwords.getOrDefault(caller, "")));
        };
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isAllowed(
            int status, String method, String path, String caller, Map<String, String> methods) {
        Optional<Set<String>> roles = roles(method, methods);
        if (roles.isEmpty()) {
            return status == 405;
        }
        if (!roles.get().contains("public") && !roles.get().contains(caller)) {
            return caller.equals("organiser") || caller.equals("auditor")
                    ? status == 403
                    : status == 401 || caller.equals("wrong") && status == 429;
        }
        // Forms of pages need a token against forged requests, which this test does not have.
        boolean forged = status == 403 && method.equals("POST") && !path.startsWith("/api/");
        return status != 500 && !DENIED.contains(status) || forged;
    }

    /** Returns the roles that may make this request, or nothing if the address does not answer the method. */
    private static Optional<Set<String>> roles(String method, Map<String, String> methods) {
        String listed = switch (method) {
            case "HEAD" -> methods.get("GET");
            case "OPTIONS" ->
                methods.getOrDefault("GET", methods.values().iterator().next());
            default -> methods.get(method);
        };
        return Optional.ofNullable(listed).map(roles -> new LinkedHashSet<>(List.of(roles.split(","))));
    }
}
