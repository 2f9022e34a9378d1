package org.countersign.faulttest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.localstack.net.TcpListener;
import org.countersign.localstack.net.TcpRelay;

/** A port that leads to another one, until it is told to be a bad line. */
final class TcpProxy implements AutoCloseable {

    /** How the line is. */
    enum Line {
        /** As it should be. */
        GOOD,
        /** Connections are broken, new ones end at once. */
        CUT,
        /** Connections stay, and nothing passes. */
        HANGING,
        /** Everything takes its time. */
        SLOW
    }

    private static final long DELAY_MILLIS = 40;
    private static final long BETWEEN_LOOKS_MILLIS = 10;

    private final TcpListener doorway;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Line line = Line.GOOD;

    private TcpProxy(int target) {
        this.target = target;
        this.doorway = TcpListener.open(0, this::connect);
    }

    /** @param target the TCP port on loopback that it leads to */
    static TcpProxy to(int target) {
        return new TcpProxy(target);
    }

    int port() {
        return doorway.port();
    }

    void become(Line next) {
        line = next;
        if (next == Line.CUT) {
            open.forEach(TcpRelay::close);
            open.clear();
        }
    }

    private void connect(Socket caller) {
        Socket there = new Socket();
        try {
            if (line == Line.CUT) {
                throw new IOException("the line is cut");
            }
            there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            caller.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            open.removeIf(Socket::isClosed);
            open.add(caller);
            open.add(there);
            TcpRelay.start(caller, there, this::pass);
        } catch (IOException e) {
            TcpRelay.close(caller);
            TcpRelay.close(there);
        }
    }

    private void pass() throws InterruptedException {
        if (line == Line.SLOW) {
            Thread.sleep(DELAY_MILLIS);
        }
        while (line == Line.HANGING) {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    @Override
    public void close() {
        doorway.close();
        open.forEach(TcpRelay::close);
    }
}
