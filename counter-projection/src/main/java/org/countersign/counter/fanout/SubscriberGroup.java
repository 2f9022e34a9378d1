package org.countersign.counter.fanout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The subscribers of one petition in one event loop. Only the thread of that loop uses it. */
final class SubscriberGroup {

    private static final long ROUND_INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);
    /** A round may take at most this fraction of the thread's time (one third). */
    private static final int TIME_FRACTION = 3;
    /** The number of subscribers served before the loop checks its sockets. */
    private static final int BATCH_SIZE = 256;

    private static final int INITIAL_CAPACITY = 1024;

    private final EventLoop loop;
    private final PetitionSubscription topic;
    private Subscriber[] viewers = new Subscriber[4];
    private int size;
    /** The index of the last served subscriber. A round goes from the last index to the first. */
    private int served;

    private long roundBegan;
    private long nextRound;
    /** The newest event when the round began. At its end every subscriber has it or a newer one. */
    private SseEvent roundOf;
    /** The event in direct memory, which sockets send without a copy. */
    private @Nullable SseEvent inMemory;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(INITIAL_CAPACITY);

    SubscriberGroup(EventLoop loop, PetitionSubscription topic) {
        this.loop = loop;
        this.topic = topic;
        this.roundOf = topic.newest();
        this.nextRound = loop.now();
    }

    PetitionSubscription topic() {
        return topic;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds a subscriber that has received the newest counts. */
    void join(Subscriber viewer) {
        if (size == viewers.length) {
            viewers = Arrays.copyOf(viewers, 2 * size);
        }
        viewer.index(size);
        viewers[size++] = viewer;
    }

    /** Removes a subscriber. The last one takes its index: each round has served it before. */
    void leave(Subscriber viewer) {
        Subscriber last = viewers[--size];
        viewers[viewer.index()] = last;
        last.index(viewer.index());
        viewers[size] = null;
    }

    /**
     * Serves a number of subscribers.
     *
     * @return the time until the next call is needed, in nanoseconds; {@code Long.MAX_VALUE} if there is nothing to do
     */
    long serve(long now) {
        if (served == 0) {
            SseEvent newest = topic.newest();
            if (newest == roundOf) {
                return Long.MAX_VALUE;
            }
            if (nextRound > now) {
                return nextRound - now;
            }
            roundOf = newest;
            roundBegan = now;
            served = size;
        }
        // Subscribers that are served later in this round get newer events at once.
        SseEvent newest = topic.newest();
        lay(newest);
        for (int left = BATCH_SIZE; served > 0 && left > 0; left--) {
            served--;
            if (served < size) {
                loop.offer(viewers[served], newest, bytes);
            }
        }
        if (served > 0) {
            return 0;
        }
        nextRound = roundBegan + Math.max(ROUND_INTERVAL, TIME_FRACTION * (System.nanoTime() - roundBegan));
        return topic.newest() == roundOf ? Long.MAX_VALUE : Math.max(0, nextRound - now);
    }

    private void lay(SseEvent frame) {
        if (frame != inMemory) {
            inMemory = frame;
            if (frame.event().length > bytes.capacity()) {
                bytes = ByteBuffer.allocateDirect(2 * frame.event().length);
            }
            bytes.clear();
            bytes.put(frame.event()).flip();
        }
    }
}
