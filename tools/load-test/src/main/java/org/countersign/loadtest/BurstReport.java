package org.countersign.loadtest;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results of a burst. */
final class BurstReport {

    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final boolean exact;

    BurstReport(
            Burst.BurstPlan plan,
            Histogram sign,
            Histogram confirm,
            Histogram mail,
            SignAttempts attempts,
            int accepted,
            int repeated,
            int confirmed,
            int withdrawn,
            long errors,
            double seconds,
            int mailsNotRead,
            LagMonitor.ObservedCounts before,
            LagMonitor.ObservedCounts after,
            LagMonitor.ObservedCounts expected,
            LagMonitor lagMonitor) {
        long lost = Math.max(0, expected.all() - after.all());
        exact = lost == 0 && after.equals(expected) && mailsNotRead == 0;
        figures.put("petition", plan.petition());
        figures.put("seconds", rounded(seconds));
        figures.put("signCallsPerSecond", rounded(plan.calls() / seconds));
        figures.put("accepted", accepted);
        figures.put("duplicates", repeated);
        figures.put("confirmed", confirmed);
        figures.put("withdrawn", withdrawn);
        figures.put("errors", errors);
        figures.put("refusedForNow", attempts.refused());
        figures.put("lostConnections", attempts.lostConnections());
        figures.put("attemptsMean", rounded(attempts.meanAttempts()));
        figures.put("attemptsMost", attempts.mostAttempts());
        int last = attempts.seconds() - 1;
        figures.put("acceptedPerSecondFirst10s", rounded(attempts.perSecond(0, 10)));
        figures.put("acceptedPerSecondLast10s", rounded(attempts.perSecond(Math.max(0, last - 10), last)));
        figures.put("signMillisP50", millis(sign, 50));
        figures.put("signMillisP99", millis(sign, 99));
        figures.put("signMillisP99.9", millis(sign, 99.9));
        figures.put("signMillisMax", rounded(sign.getMaxValue() / 1e6));
        figures.put("confirmMillisP50", millis(confirm, 50));
        figures.put("confirmMillisP99", millis(confirm, 99));
        figures.put("mailMillisP50", millis(mail, 50));
        figures.put("mailMillisP99", millis(mail, 99));
        figures.put("mostSecondsUntilCounted", rounded(lagMonitor.mostSecondsBehind()));
        figures.put("secondsUntilAllCounted", rounded(lagMonitor.secondsUntilCounted()));
        figures.put("mostRelayLagEvents", (long) lagMonitor.mostRelayLagEvents());
        figures.put("mostRelayLagSeconds", rounded(lagMonitor.mostRelayLagSeconds()));
        figures.put("mostCounterLagEvents", (long) lagMonitor.mostCounterLagEvents());
        figures.put("mostDeliveriesDue", (long) lagMonitor.mostDeliveriesDue());
        figures.put("mailsNotRead", mailsNotRead);
        figures.put("counterBefore", text(before));
        figures.put("counterAfter", text(after));
        figures.put("counterExpected", text(expected));
        figures.put("lost", lost);
        figures.put("counterExactlyRight", exact);
    }

    private static String text(LagMonitor.ObservedCounts counts) {
        return counts.verified() + " verified, " + counts.pending() + " pending, " + counts.withdrawn() + " withdrawn";
    }

    private static double millis(Histogram histogram, double percentile) {
        return rounded(histogram.getValueAtPercentile(percentile) / 1e6);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Returns whether no signature was lost and the counter has exactly the expected counts. */
    boolean isExact() {
        return exact;
    }

    void print(PrintWriter out) {
        figures.forEach((name, value) -> out.printf(
                "%-26s %s%n",
                name,
                value instanceof Number number
                        ? "%,.2f".formatted(number.doubleValue()).replaceFirst("\\.00$", "")
                        : value));
        out.flush();
    }

    String json() {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(figures);
    }
}
