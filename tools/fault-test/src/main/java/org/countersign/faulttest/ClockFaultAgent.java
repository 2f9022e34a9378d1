package org.countersign.faulttest;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Runs inside a service and has its clock go wrong, by as many seconds as stand in a file. It changes what
 * {@link Clock} and {@link Instant#now()} say: the times of events, of links and of retries. A machine's own clock
 * can't be set by everybody, and its other programs need it.
 */
public final class ClockFaultAgent {

    private static final String SECONDS = "countersign.faults.clock";
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private ClockFaultAgent() {}

    /** The archive that a Java virtual machine loads this from. */
    static Path jar() {
        try {
            return Path.of(ClockFaultAgent.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Called before the service's main method.
     *
     * @param file holds the seconds
     */
    public static void premain(String file, Instrumentation instrumentation) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .ignore(type -> false)
                .type(named(Clock.class.getName()))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(Wrong.class).on(named("currentInstant"))))
                .installOn(instrumentation);
        // The agent's archive is on the service's class path with Byte Buddy alone.
        Thread follower = new Thread(() -> follow(Path.of(file)), "clock-fault");
        follower.setDaemon(true);
        follower.start();
    }

    private static void follow(Path file) {
        try {
            while (true) {
                String seconds = Files.readString(file).strip();
                if (!seconds.isEmpty()) {
                    System.setProperty(SECONDS, seconds);
                }
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Woven into the JDK's own class: it may name nothing else. */
    static final class Wrong {

        private Wrong() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Instant now) {
            now = now.plusSeconds(Long.getLong("countersign.faults.clock", 0));
        }
    }
}
