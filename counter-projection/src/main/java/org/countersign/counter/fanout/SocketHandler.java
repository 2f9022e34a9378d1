package org.countersign.counter.fanout;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** Handles the events of a socket. Only the thread of its event loop calls it. */
interface SocketHandler {

    /** Called when the socket is readable or writable. */
    void ready() throws IOException;

    /** Called about once a second. */
    void tick(long now) throws IOException;

    /** Called after the socket was closed. */
    void closed();

    /** Returns the socket's selection key. */
    SelectionKey key();
}
