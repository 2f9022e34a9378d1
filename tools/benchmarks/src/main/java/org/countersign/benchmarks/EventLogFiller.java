package org.countersign.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.countersign.events.CountryCode;
import org.countersign.events.Event;
import org.countersign.events.EventJson;
import org.countersign.events.EventType;
import org.countersign.events.PetitionSigned;
import org.countersign.events.PetitionSlug;
import org.countersign.events.Sealed;
import org.countersign.events.SignatureEvent;
import org.countersign.events.SignatureId;
import org.countersign.events.SignatureStatus;
import org.countersign.events.SignatureVerified;
import org.countersign.signature.eventlog.EventMac;
import org.countersign.support.id.NameBasedUuid;
import org.countersign.support.keys.KeyRing;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills the event log of a stopped signature service with realistic events. Of four events, three are signatures and
 * one is a confirmation. No key decrypts their sealed data.
 */
final class EventLogFiller {

    private static final int BATCH_SIZE = 100_000;
    private static final int SEALED_BYTES = 134;
    private static final int SECRET_BYTES = 33;
    private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;
    private static final byte[] COPY_HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final String[] COUNTRIES = {"AM", "DE", "FR", "GB", "IN", "KE", "BR", "US"};

    /** All countries of the signatures but the one of the signers in loads. Seven of eight signatures have them. */
    static final List<String> COUNTRIES_WITHOUT_LOAD = List.of(COUNTRIES).subList(1, COUNTRIES.length);

    private final BenchmarkStack stack;
    private final Random random = new Random(1);
    private final Instant start = Instant.now();

    private final EventMac macs;

    EventLogFiller(BenchmarkStack stack) {
        this.stack = stack;
        this.macs = new EventMac(KeyRing.parse("event keys", stack.localStack().eventKeys()));
    }

    /** Returns the number of events with that many signatures. */
    static long eventsFor(long signatures) {
        return signatures * 4 / 3;
    }

    /** Appends the given number of events. */
    void append(long events) throws SQLException, IOException {
        try (Connection connection = stack.connect("signature_service")) {
            connection.setAutoCommit(false);
            long petition = stack.number(
                    "signature_service", "select id from petition_name where slug = '" + BenchmarkStack.PETITION + "'");
            long head = head();
            long end = head + events;
            stack.execute("signature_service", "select ensure_partitions(" + end + ")");
            while (head < end) {
                int batch = (int) Math.min(BATCH_SIZE, end - head);
                append(connection, head, batch, (int) petition);
                head += batch;
            }
        }
    }

    /** Returns the index of the last event. */
    long head() throws SQLException {
        return stack.number("signature_service", "select last_index from log_head");
    }

    private UUID randomStream() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return NameBasedUuid.ofHash(bits);
    }

    private void append(Connection connection, long head, int events, int petition) throws SQLException, IOException {
        BinaryCopyRows log = new BinaryCopyRows();
        BinaryCopyRows streamEvents = new BinaryCopyRows();
        UUID toVerify = randomStream();
        for (int i = 1; i <= events; i++) {
            long index = head + i;
            boolean verifies = i % 4 == 0;
            UUID stream = verifies ? toVerify : randomStream();
            toVerify = i % 4 == 1 ? stream : toVerify;
            Event event = event(stream, verifies, start.plusMillis(index % 1000));
            int sequence = verifies ? 1 : 0;
            log.row(9)
                    .value(index)
                    .value(stream)
                    .value(event.at())
                    .nullValue()
                    .value(petition)
                    .value(sequence)
                    .value((short) EventType.of(event).code())
                    .value(EventJson.data(event))
                    .value(mac(event, stream, sequence));
            streamEvents.row(4).value(stream).value(sequence).value(index);
            if (verifies) {
                streamEvents.nullValue();
            } else {
                streamEvents.value(bytes(SECRET_BYTES));
            }
        }
        log.copyTo(connection, "event (global_index, stream, time, trace, petition, sequence, type, data, mac)");
        streamEvents.copyTo(connection, "stream_event (stream, sequence, global_index, secret)");
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("update log_head set last_index = " + (head + events));
        }
        connection.commit();
    }

    /** Stands for the hash of the signing event, which no benchmark checks. */
    private static final String SIGNED = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private byte[] mac(Event event, UUID stream, int sequence) {
        return macs.of(
                stream,
                sequence,
                event.petition().value(),
                EventType.of(event).code(),
                event.at(),
                EventJson.data(event));
    }

    private SignatureEvent event(UUID stream, boolean verifies, Instant at) {
        SignatureId signature = new SignatureId(stream);
        PetitionSlug petition = new PetitionSlug(BenchmarkStack.PETITION);
        CountryCode country = new CountryCode(COUNTRIES[(int) (stream.getLeastSignificantBits() & 7)]);
        return verifies
                ? new SignatureVerified(signature, petition, at, 1, country, false, SIGNED)
                : new PetitionSigned(
                        signature,
                        petition,
                        at,
                        1,
                        country,
                        SignatureStatus.NONE,
                        true,
                        false,
                        new Sealed(bytes(SEALED_BYTES)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Rows in PostgreSQL's binary COPY format. */
    private static final class BinaryCopyRows {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 << 20);
        private final DataOutputStream out = new DataOutputStream(bytes);

        private BinaryCopyRows() throws IOException {
            out.write(COPY_HEADER);
        }

        BinaryCopyRows row(int columns) throws IOException {
            out.writeShort(columns);
            return this;
        }

        BinaryCopyRows nullValue() throws IOException {
            out.writeInt(-1);
            return this;
        }

        BinaryCopyRows value(long value) throws IOException {
            out.writeInt(8);
            out.writeLong(value);
            return this;
        }

        BinaryCopyRows value(int value) throws IOException {
            out.writeInt(4);
            out.writeInt(value);
            return this;
        }

        BinaryCopyRows value(short value) throws IOException {
            out.writeInt(2);
            out.writeShort(value);
            return this;
        }

        BinaryCopyRows value(UUID value) throws IOException {
            out.writeInt(16);
            out.writeLong(value.getMostSignificantBits());
            out.writeLong(value.getLeastSignificantBits());
            return this;
        }

        BinaryCopyRows value(Instant value) throws IOException {
            return value((value.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1000);
        }

        BinaryCopyRows value(byte[] value) throws IOException {
            out.writeInt(value.length);
            out.write(value);
            return this;
        }

        void copyTo(Connection connection, String table) throws SQLException, IOException {
            out.writeShort(-1);
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + table + " from stdin (format binary)");
            byte[] all = bytes.toByteArray();
            copy.writeToCopy(all, 0, all.length);
            copy.endCopy();
        }
    }
}
