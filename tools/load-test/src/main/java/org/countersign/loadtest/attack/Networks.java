package org.countersign.loadtest.attack;

import java.util.random.RandomGenerator;

/** Invents IP addresses. No packet goes to them: they are only named in the header that a proxy sets. */
final class Networks {

    private Networks() {}

    /** Returns the address of a household, in one of 65,536 networks of the private block 10.0.0.0/8. */
    static String household(RandomGenerator random) {
        return "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + (1 + random.nextInt(254));
    }

    /** Returns an IPv6 address of a rented server, in a /64 network of its own below the documentation prefix. */
    static String server(RandomGenerator random) {
        return "2001:db8:%x:%x::%x".formatted(random.nextInt(65536), random.nextInt(65536), 1 + random.nextInt(65535));
    }

    /** Returns an address of a small network with one number, in the shared block 100.64.0.0/10. */
    static String shared(int network, RandomGenerator random) {
        return "100.64." + network + "." + (1 + random.nextInt(254));
    }
}
