package org.countersign.counter.counting;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record's headers by their names. Each is looked for first where the record before had it: whoever writes events writes their
 * headers in one order, and to make a text of each name, only to compare it, takes longer than to read an event.
 */
final class Headers implements Function<String, byte[]> {

    private static final Header[] NONE = {};

    private final Map<String, Integer> places = new HashMap<>();
    private Header[] headers = NONE;

    /** Turns to a record. */
    void of(ConsumerRecord<byte[], byte[]> record) {
        headers = record.headers().toArray();
    }

    /** The value of the header with this name, null where there is none. */
    @Override
    public byte[] apply(String name) {
        int place = places.getOrDefault(name, 0);
        if (place < headers.length && headers[place].key().equals(name)) {
            return headers[place].value();
        }
        for (int i = 0; i < headers.length; i++) {
            if (headers[i].key().equals(name)) {
                places.put(name, i);
                return headers[i].value();
            }
        }
        return null;
    }
}
