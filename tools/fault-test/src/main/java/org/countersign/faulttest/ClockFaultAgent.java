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
 * A Java agent that shifts the clock of a service by the number of seconds in a file.
 *
 * <p>It changes {@link Clock} and {@link Instant#now()}, and with them the times of events, links and retries. The
 * clock of the machine stays unchanged, because other programs need it and only an administrator can set it.
 */
public final class ClockFaultAgent {

    private static final String SECONDS = "countersign.faults.clock";
    private static final long POLL_INTERVAL_MILLIS = 100;

    private ClockFaultAgent() {}

    /** Returns the jar that contains this agent. */
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
     * @param file the file with the number of seconds
     */
    public static void premain(String file, Instrumentation instrumentation) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .ignore(type -> false)
                .type(named(Clock.class.getName()))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(ClockAdvice.class).on(named("currentInstant"))))
                .installOn(instrumentation);
        // The class path of the service has only the agent's jar and Byte Buddy.
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
                Thread.sleep(POLL_INTERVAL_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Inlined into a JDK class, so it must not refer to other classes. */
    static final class ClockAdvice {

        private ClockAdvice() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Instant now) {
            now = now.plusSeconds(Long.getLong("countersign.faults.clock", 0));
        }
    }
}
