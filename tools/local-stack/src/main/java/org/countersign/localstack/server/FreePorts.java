package org.countersign.localstack.server;

import java.util.concurrent.ThreadLocalRandom;
import org.countersign.localstack.net.Endpoint;

/** Finds free TCP ports on 127.0.0.1. */
public final class FreePorts {

    /** Above the ports of a stack that tests start, and below the system's ephemeral ports. */
    private static final int FIRST = 24_000;

    private static final int END = 32_768;
    private static final int MAX_ATTEMPTS = 1000;

    private FreePorts() {}

    /**
     * Returns a port that was free during the call. The system gives no port of this range to outgoing connections, so
     * that none takes it before the caller listens.
     */
    public static int any() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("there is no free port from " + FIRST + " to " + END);
    }

    /** Returns whether a program can listen on the port now. */
    public static boolean isFree(int port) {
        return Endpoint.loopback(port).isFree();
    }
}
