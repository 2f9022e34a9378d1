package org.countersign.counting.order;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A stage of a pipeline: its thread processes a batch while the caller reads the next one. */
public final class PipelineStage implements AutoCloseable {

    private final ExecutorService executor;
    private Future<?> begun = CompletableFuture.completedFuture(null);

    /** @param name the name of the thread */
    public PipelineStage(String name) {
        executor = Executors.newSingleThreadExecutor(task -> new Thread(task, name));
    }

    /** Starts a task. The caller calls {@link #awaitCompletion()} first. */
    public void submit(Runnable task) {
        begun = executor.submit(task);
    }

    /** Waits for the current task and rethrows its exception once. */
    public void awaitCompletion() {
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

    /** Waits for the current task and ends the thread. */
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
