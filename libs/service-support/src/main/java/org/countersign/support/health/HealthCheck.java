package org.countersign.support.health;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import java.util.Set;

/**
 * Asks the service in the same container whether it is ready. It ends with 0 if so, and with 1 if not.
 *
 * <p>Images contain no other HTTP client. This one needs the JDK alone and loads few classes.
 */
public final class HealthCheck {

    private static final String PATH = "/actuator/health/readiness";
    private static final int TIMEOUT_MILLIS = 5000;
    private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::");

    private HealthCheck() {}

    /**
     * Runs the check.
     *
     * @param args the management port, unless {@code MANAGEMENT_SERVER_PORT} names another one
     */
    public static void main(String[] args) {
        System.exit(run(System.getenv(), args[0]));
    }

    /** Returns the exit status. */
    static int run(Map<String, String> environment, String defaultPort) {
        try {
            int status = status(url(environment, defaultPort));
            System.out.println("readiness: " + status);
            return status == HttpURLConnection.HTTP_OK ? 0 : 1;
        } catch (IOException | IllegalArgumentException e) {
            System.out.println("readiness: " + e);
            return 1;
        }
    }

    /** A service that listens at every address is asked at the loopback address. */
    static URL url(Map<String, String> environment, String defaultPort) throws IOException {
        String address = environment.getOrDefault("MANAGEMENT_SERVER_ADDRESS", "");
        String host = EVERY_ADDRESS.contains(address) ? "127.0.0.1" : address;
        String port = environment.getOrDefault("MANAGEMENT_SERVER_PORT", defaultPort);
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + PATH)
                .toURL();
    }

    private static int status(URL url) throws IOException {
        // A proxy of the container's environment does not lead to the container itself.
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        return connection.getResponseCode();
    }
}
