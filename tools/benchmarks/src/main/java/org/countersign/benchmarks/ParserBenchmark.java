package org.countersign.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.countersign.counting.CountedEvent;
import org.countersign.events.CloudEvent;
import org.countersign.events.CountryCode;
import org.countersign.events.EventJson;
import org.countersign.events.PetitionSlug;
import org.countersign.events.RecordedEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureVerified;

/**
 * Measures the benefit of the fast transition parser. It reads one Kafka record in three ways: with the fast parser,
 * with the JSON parser for transitions, and as a whole event.
 */
final class ParserBenchmark {

    private static final String FAST = "fast transition parser, records";
    private static final String JSON = "JSON parser for transitions, records";
    private static final String WHOLE = "whole event, records";
    private static final int RECORDS_PER_CHECK = 1_000;

    private final Bench.BenchmarkSize size;
    private final BenchmarkReport report;
    private final Map<String, byte[]> headers;
    private final byte[] canonical;
    private final byte[] otherForm;

    ParserBenchmark(Bench.BenchmarkSize size, BenchmarkReport report) {
        this.size = size;
        this.report = report;
        SignatureVerified event = new SignatureVerified(
                new SignatureId(new UUID(1, 2)),
                new PetitionSlug("more-benches-on-mill-street"),
                Instant.parse("2030-01-31T12:00:00.123Z"),
                1,
                new CountryCode("GB"),
                true,
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        headers = CloudEvent.headers(new RecordedEvent(42, event.signature() + ":1", Optional.empty(), event));
        canonical = EventJson.data(event);
        // The fast parser reads only the form that we write. A space makes the JSON parser read the record.
        otherForm = (" " + new String(canonical, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    void run() {
        report.progress("parser: one record in three ways, in alternating rounds");
        for (int round = -1; round < size.rounds(); round++) {
            double fast =
                    rate(data -> CountedEvent.read(headers::get, data).type().code(), canonical);
            double json =
                    rate(data -> CountedEvent.read(headers::get, data).type().code(), otherForm);
            double whole =
                    rate(data -> CloudEvent.read(headers::get, data).type().code(), canonical);
            // The first round lets the compiler finish.
            if (round >= 0) {
                report.round(FAST, fast);
                report.round(JSON, json);
                report.round(WHOLE, whole);
            }
        }
        report.ratio("fast transition parser ÷ JSON parser for transitions", FAST, JSON, 1);
        report.ratio("fast transition parser ÷ whole event", FAST, WHOLE, 1);
    }

    /** Reads the data for one round and returns the records per second. */
    private double rate(ToIntFunction<byte[]> reader, byte[] data) {
        long start = System.nanoTime();
        long end = start + size.seconds() * 1_000_000_000L;
        long records = 0;
        long sum = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < RECORDS_PER_CHECK; i++) {
                sum += reader.applyAsInt(data);
            }
            records += RECORDS_PER_CHECK;
        }
        if (sum % records != 0) {
            throw new IllegalStateException("The records were not all read as the same type");
        }
        return records * 1e9 / (System.nanoTime() - start);
    }
}
