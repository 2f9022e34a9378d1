package org.countersign.signature.domain;

/** What commands and events carry beside their payload. */
public final class EventMetaData {

    /** The trace (a {@link java.util.UUID}) of the request that caused a command and its events. */
    public static final String TRACE = "trace";

    /** The secret ({@code byte[]}) that an event's sealed data is encrypted with. */
    public static final String SECRET = "secret";

    private EventMetaData() {}
}
