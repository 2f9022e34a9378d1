package org.countersign.localstack.client;

import java.io.PrintWriter;

/** A bar that moves where there is a terminal, and a line now and then where there is none. */
public final class ProgressBar {

    private static final int WIDTH = 30;
    private static final long BETWEEN_LINES = 10_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private long lastLine = System.nanoTime();

    public ProgressBar(PrintWriter out) {
        this.out = out;
    }

    /**
     * Shows how far something has come.
     *
     * @param done the part that is done, 0 to 1
     * @param text what to say beside the bar
     */
    public void show(double done, String text) {
        if (!terminal && System.nanoTime() - lastLine < BETWEEN_LINES) {
            return;
        }
        lastLine = System.nanoTime();
        int full = (int) Math.round(Math.min(1, done) * WIDTH);
        out.print((terminal ? "\r\033[K" : "") + "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + text
                + (terminal ? "" : System.lineSeparator()));
        out.flush();
    }

    /** Leaves the bar as it is and goes on below it. */
    public void end() {
        if (terminal) {
            out.println();
        }
    }
}
