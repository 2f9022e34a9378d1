package org.countersign.counter.fanout;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What becomes of a socket; one thing after the other. All is called by the one thread of its event loop. */
interface SocketHandler {

    /** The socket can be read from or written to. */
    void ready() throws IOException;

    /** Called about once a second. */
    void tick(long now) throws IOException;

    /** The socket is closed. */
    void closed();

    /** The socket's place in the event loop. */
    SelectionKey key();
}
