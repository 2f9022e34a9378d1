package org.countersign.counter.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.countersign.counter.live.CountBoard.Posted;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends each open page the newest counts of its petition: at once, then on every change, at most four times a second. Who
 * reads slowly is sent the newest counts when they are ready for them, not all that came between.
 */
@Component
class LiveStreams implements SmartLifecycle {

    private static final long BETWEEN_MILLIS = 250;
    private static final long HEARTBEAT_SECONDS = 15;
    private static final long RETRY_MILLIS = 2000;

    private final Map<String, Set<Viewer>> viewers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(4, task -> {
        Thread thread = new Thread(task, "live-sender");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean running;

    LiveStreams(CountBoard board, MeterRegistry meters) {
        board.onChange(this::changed);
        Gauge.builder("countersign.live.viewers", () -> viewers.values().stream().mapToInt(Set::size).sum())
                .description("open live streams").register(meters);
        senders.scheduleAtFixedRate(this::heartbeat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    private final class Viewer {

        private final String petition;
        private final SseEmitter emitter = new SseEmitter(0L);
        private final AtomicReference<Posted> next = new AtomicReference<>();
        private Posted sent;

        private Viewer(String petition) {
            this.petition = petition;
            Runnable leave = () -> viewers.getOrDefault(petition, Set.of()).remove(this);
            emitter.onCompletion(leave);
            emitter.onError(error -> leave.run());
        }

        /** Has the newest counts sent soon; if a sending is under way already, that one will send these. */
        private void offer(Posted posted, long delayMillis) {
            if (next.getAndSet(posted) == null) {
                senders.schedule(this::send, delayMillis, TimeUnit.MILLISECONDS);
            }
        }

        private synchronized void send() {
            Posted posted = next.getAndSet(null);
            if (posted != null && (sent == null || posted.isNewerThan(sent))) {
                sent = posted;
                write(SseEmitter.event().name("counts").id(Long.toString(posted.index())).reconnectTime(RETRY_MILLIS)
                        .data(new String(posted.json(), StandardCharsets.UTF_8), MediaType.TEXT_PLAIN));
            }
        }

        private void write(SseEmitter.SseEventBuilder event) {
            try {
                emitter.send(event);
            } catch (IOException | IllegalStateException gone) {
                emitter.completeWithError(gone);
            }
        }
    }

    /** Opens a stream that begins with the given counts. */
    SseEmitter open(Posted first) {
        Viewer viewer = new Viewer(first.petition());
        viewers.computeIfAbsent(first.petition(), petition -> ConcurrentHashMap.newKeySet()).add(viewer);
        viewer.offer(first, 0);
        return viewer.emitter;
    }

    private void changed(Posted posted) {
        viewers.getOrDefault(posted.petition(), Set.of()).forEach(viewer -> viewer.offer(posted, BETWEEN_MILLIS));
    }

    private void heartbeat() {
        viewers.values().forEach(set -> set.forEach(viewer ->
                senders.execute(() -> viewer.write(SseEmitter.event().comment("still here")))));
    }

    @Override
    public void start() {
        running = true;
    }

    /** Ends all streams, so that stopping need not wait for people to close their pages; their browsers come back by themselves. */
    @Override
    public void stop() {
        running = false;
        viewers.values().forEach(set -> set.forEach(viewer -> viewer.emitter.complete()));
        senders.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
