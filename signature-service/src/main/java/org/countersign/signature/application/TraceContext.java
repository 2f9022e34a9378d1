package org.countersign.signature.application;

import java.util.Optional;
import java.util.UUID;

/** The trace of the request that a thread works on. */
public final class TraceContext {

    private static final ThreadLocal<UUID> CURRENT = new ThreadLocal<>();

    private TraceContext() {}

    /** Returns the trace of this thread's request, or empty outside requests. */
    public static Optional<UUID> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Sets the trace of this thread. The caller calls {@link #clear()} when the request ends. */
    public static void set(UUID trace) {
        CURRENT.set(trace);
    }

    /** Removes the trace of this thread. */
    public static void clear() {
        CURRENT.remove();
    }
}
