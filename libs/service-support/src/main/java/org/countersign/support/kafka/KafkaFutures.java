package org.countersign.support.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers of Kafka. */
public final class KafkaFutures {

    private KafkaFutures() {}

    /**
     * Waits for an answer.
     *
     * @param future the answer
     * @param timeout how long to wait
     * @return the value of the answer
     * @throws IllegalStateException if Kafka refused (the cause is its exception), did not answer within the timeout,
     *     or the thread was interrupted
     */
    public static <T> T await(Future<T> future, Duration timeout) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Kafka", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("Kafka refused the request: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Kafka did not answer within " + timeout.toSeconds() + " s", e);
        }
    }
}
