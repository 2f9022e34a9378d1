package org.countersign.localstack.client;

import java.io.PrintWriter;

/** Shows progress: a moving bar on a terminal, or a line every ten seconds elsewhere. */
public final class ProgressBar {

    private static final int WIDTH = 30;
    private static final long LINE_INTERVAL_NANOS = 10_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private long lastLine = System.nanoTime();

    public ProgressBar(PrintWriter out) {
        this.out = out;
    }

    /**
     * Shows the current progress.
     *
     * @param done the completed fraction, 0 to 1
     * @param text the text next to the bar
     */
    public void show(double done, String text) {
        if (!terminal && System.nanoTime() - lastLine < LINE_INTERVAL_NANOS) {
            return;
        }
        lastLine = System.nanoTime();
        int full = (int) Math.round(Math.min(1, done) * WIDTH);
        out.print((terminal ? "\r\033[K" : "") + "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + text
                + (terminal ? "" : System.lineSeparator()));
        out.flush();
    }

    /** Ends the line of the bar. */
    public void end() {
        if (terminal) {
            out.println();
        }
    }
}
