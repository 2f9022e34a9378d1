package org.countersign.support.ndjson;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes newline-delimited JSON. Each line is an object whose property {@code is} names its kind. The last line is
 * {@code end} or {@code failed}: a client that receives neither knows that the answer was cut off. Safe for use by
 * several threads.
 */
public final class NdjsonWriter {

    /** The media type of newline-delimited JSON. */
    public static final MediaType MEDIA_TYPE = MediaType.parseMediaType("application/x-ndjson");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OutputStream out;

    /** @param out receives the lines; the caller closes it */
    public NdjsonWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a line without flushing it.
     *
     * @param kind the value of {@code is}
     * @param properties the other properties, in order
     * @throws UncheckedIOException if the client has closed the connection
     */
    public synchronized void write(String kind, Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("is", kind);
        line.putAll(properties);
        try {
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes a line and flushes it.
     *
     * @param kind the value of {@code is}
     * @param properties the other properties, in order
     * @throws UncheckedIOException if the client has closed the connection
     */
    public synchronized void writeAndFlush(String kind, Map<String, ? extends @Nullable Object> properties) {
        write(kind, properties);
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes and flushes a progress line.
     *
     * @param reached the position that the work has reached
     * @param of the position at which it ends
     */
    public void progress(long reached, long of) {
        writeAndFlush("progress", Map.of("reached", reached, "of", of));
    }

    /**
     * Writes and flushes the last line of a complete answer.
     *
     * @param summary its properties
     */
    public void end(Map<String, ?> summary) {
        writeAndFlush("end", summary);
    }

    /**
     * Writes and flushes the last line of an answer that failed.
     *
     * @param reason what happened and what to do next
     */
    public void failed(String reason) {
        writeAndFlush("failed", Map.of("reason", reason));
    }
}
