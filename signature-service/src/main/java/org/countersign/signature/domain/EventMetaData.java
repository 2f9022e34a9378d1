package org.countersign.signature.domain;

/** Keys of the metadata of commands and events. */
public final class EventMetaData {

    /** The trace (a {@link java.util.UUID}) of the request that caused a command and its events. */
    public static final String TRACE = "trace";

    /** The secret ({@code byte[]}) that encrypts the sealed data of an event. */
    public static final String SECRET = "secret";

    /** The number ({@code Long}) of the stored repeated sign call that the events settle. */
    public static final String REPEATED_SIGNING = "repeatedSigning";

    private EventMetaData() {}
}
