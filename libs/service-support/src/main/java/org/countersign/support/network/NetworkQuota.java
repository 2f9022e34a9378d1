package org.countersign.support.network;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A number of places for each network. Its size is bounded by the places taken. Thread-safe. */
public final class NetworkQuota {

    private final int perNetwork;
    private final NetworkList exempt;
    private final Map<ClientNetwork, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Creates the places.
     *
     * @param perNetwork the maximum number of places of one network
     * @param exempt networks without a limit
     */
    public NetworkQuota(int perNetwork, NetworkList exempt) {
        this.perNetwork = perNetwork;
        this.exempt = exempt;
    }

    /** Takes a place. Returns false if the network of this address has no place left. */
    public boolean take(InetAddress client) {
        if (exempt.contains(client)) {
            return true;
        }
        boolean[] free = new boolean[1];
        taken.compute(ClientNetwork.of(client), (network, number) -> {
            int before = number == null ? 0 : number;
            free[0] = before < perNetwork;
            return free[0] ? Integer.valueOf(before + 1) : number;
        });
        return free[0];
    }

    /** Returns a place that was taken. */
    public void release(InetAddress client) {
        if (!exempt.contains(client)) {
            taken.computeIfPresent(ClientNetwork.of(client), (network, number) -> number > 1 ? number - 1 : null);
        }
    }
}
