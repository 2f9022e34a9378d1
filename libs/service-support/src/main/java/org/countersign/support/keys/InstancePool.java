package org.countersign.support.keys;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Idle instances of a class that is costly to create and not safe for concurrent use. They are pooled and not kept per
 * thread, because most calls come from virtual threads, which live for one request.
 *
 * @param <T> the class
 */
public final class InstancePool<T> {

    /** More threads than the cores of a large machine rarely compute at the same moment. A power of two. */
    private static final int SIZE = 64;

    private final Supplier<T> factory;
    private final AtomicReferenceArray<T> idle = new AtomicReferenceArray<>(SIZE);

    /** @param factory makes an instance when none is idle */
    public InstancePool(Supplier<T> factory) {
        this.factory = factory;
    }

    /** Returns an instance that no other caller has. */
    public T take() {
        T instance = idle.getAndSet(place(), null);
        return instance == null ? factory.get() : instance;
    }

    /** Puts an instance back. After an exception, a caller drops the instance instead. */
    public void put(T instance) {
        idle.set(place(), instance);
    }

    private static int place() {
        return (int) Thread.currentThread().getId() & SIZE - 1;
    }
}
