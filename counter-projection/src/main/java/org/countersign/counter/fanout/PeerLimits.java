package org.countersign.counter.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.countersign.support.admission.ClientLimits;
import org.countersign.support.network.NetworkQuota;
import org.countersign.support.network.TrustedProxies;

/** What the clients of one network can hold on the port of the event loop. Thread-safe. */
final class PeerLimits {

    /** The maximum number of requests of one network that the web server works on. */
    private static final int MAX_PASSED_ON = 128;

    private final ClientLimits connections;
    private final NetworkQuota passedOn;
    private final TrustedProxies proxies;

    PeerLimits(ClientLimits.Settings settings, ClientLimits connections, TrustedProxies proxies) {
        this.connections = connections;
        this.passedOn = new NetworkQuota(MAX_PASSED_ON, settings.exempt());
        this.proxies = proxies;
    }

    /** Counts a new connection. Returns false if its network has too many. */
    boolean admit(SocketChannel connection) throws IOException {
        return connections.admit(connection);
    }

    /** Forgets a connection that was closed. */
    void closed(SocketChannel connection) {
        connections.release(connection);
    }

    /** Takes a place for a request that the web server answers. Returns false if the network has too many. */
    boolean passOn(InetAddress client) {
        return passedOn.take(client);
    }

    /** Returns a place that {@link #passOn} took. */
    void passedOn(InetAddress client) {
        passedOn.release(client);
    }

    /** Returns the bytes for the web server, with the client's address in the head. */
    byte[] forward(InetAddress client, String[] head, byte[] rest) {
        byte[] forwarded = HeadSyntax.forward(head, client.getHostAddress(), proxies.contains(client));
        byte[] all = Arrays.copyOf(forwarded, forwarded.length + rest.length);
        System.arraycopy(rest, 0, all, forwarded.length, rest.length);
        return all;
    }
}
