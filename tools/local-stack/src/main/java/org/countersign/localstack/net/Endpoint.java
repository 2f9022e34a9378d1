package org.countersign.localstack.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A TCP port at an address of this machine.
 *
 * @param host an address of the loopback network, 127.0.0.0/8
 */
public record Endpoint(String host, int port) {

    private static final String LOOPBACK = "127.0.0.1";

    /** Returns the port at 127.0.0.1. */
    public static Endpoint loopback(int port) {
        return new Endpoint(LOOPBACK, port);
    }

    /** Returns the address for a socket. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** Returns the URL of an HTTP server there, without a path. */
    public String url() {
        return "http://" + this;
    }

    /** Returns whether a program can listen there now. */
    public boolean isFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address());
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    /** Returns host and port with a colon in between. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
