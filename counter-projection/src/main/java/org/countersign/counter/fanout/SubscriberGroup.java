package org.countersign.counter.fanout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Those of an event loop's viewers who look at one petition. For that loop's thread. */
final class SubscriberGroup {

    private static final long BETWEEN_ROUNDS = TimeUnit.MILLISECONDS.toNanos(250);
    /**
     * A round may take so much of its thread's time, one part in so many: the machine has other things to do,
     * confirming for example.
     */
    private static final int PART_OF_TIME = 3;
    /** So many are served before sockets are looked at again. */
    private static final int AT_A_TIME = 256;

    private static final int ROOMY = 1024;

    private final EventLoop loop;
    private final PetitionSubscription topic;
    private Subscriber[] viewers = new Subscriber[4];
    private int size;
    /** The place of the viewer served last in this round; rounds go from the last place to the first. */
    private int served;

    private long roundBegan;
    private long nextRound;
    /** What was the newest when the last round began: everybody has this or a newer one at its end. */
    private SseEvent roundOf;
    /** The frame that is being sent, in memory outside the heap, which sockets take from without a copy. */
    private SseEvent atHand;

    private ByteBuffer bytes = ByteBuffer.allocateDirect(ROOMY);

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

    /** Takes in somebody who has been sent the newest counts. */
    void join(Subscriber viewer) {
        if (size == viewers.length) {
            viewers = Arrays.copyOf(viewers, 2 * size);
        }
        viewer.place(size);
        viewers[size++] = viewer;
    }

    /** Whoever stands last takes the place that becomes free: they have been served before it in any round. */
    void leave(Subscriber viewer) {
        Subscriber last = viewers[--size];
        viewers[viewer.place()] = last;
        last.place(viewer.place());
        viewers[size] = null;
    }

    /**
     * Serves some.
     *
     * @return how long until there is something to do, in nanoseconds; {@code Long.MAX_VALUE} if there is nothing
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
        // Newer ones may come meanwhile: those who are served later get them now, the others in the next round.
        SseEvent newest = topic.newest();
        lay(newest);
        for (int left = AT_A_TIME; served > 0 && left > 0; left--) {
            served--;
            if (served < size) {
                loop.offer(viewers[served], newest, bytes);
            }
        }
        if (served > 0) {
            return 0;
        }
        nextRound = roundBegan + Math.max(BETWEEN_ROUNDS, PART_OF_TIME * (System.nanoTime() - roundBegan));
        return topic.newest() == roundOf ? Long.MAX_VALUE : Math.max(0, nextRound - now);
    }

    private void lay(SseEvent frame) {
        if (frame != atHand) {
            atHand = frame;
            if (frame.event().length > bytes.capacity()) {
                bytes = ByteBuffer.allocateDirect(2 * frame.event().length);
            }
            bytes.clear();
            bytes.put(frame.event()).flip();
        }
    }
}
