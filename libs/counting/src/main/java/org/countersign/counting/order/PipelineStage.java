package org.countersign.counting.order;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A thread that works on what was read while the next is read: of the two the slower sets the pace, and not both. */
public final class PipelineStage implements AutoCloseable {

    private final ExecutorService executor;
    private Future<?> begun = CompletableFuture.completedFuture(null);

    /** @param name of the thread */
    public PipelineStage(String name) {
        executor = Executors.newSingleThreadExecutor(task -> new Thread(task, name));
    }

    /** Begins a task, to be called after {@link #await()}. */
    public void begin(Runnable task) {
        begun = executor.submit(task);
    }

    /** Waits until what was begun is done; what failed there fails here, once. */
    public void await() {
        Future<?> awaited = begun;
        begun = CompletableFuture.completedFuture(null);
        try {
            awaited.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting", e);
        }
    }

    /** Waits until what was begun is done, however it ended. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
