package org.countersign.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
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
import org.countersign.support.id.NameBasedUuid;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills the log of a signature service that does not run, with events as the service writes them but that their sealed
 * data opens for nobody: of four events three are signings and one a confirmation.
 */
final class EventLogFiller {

    private static final int EVENTS_A_TRANSACTION = 100_000;
    private static final int SEALED_BYTES = 130;
    private static final int SECRET_BYTES = 17;
    private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;
    private static final byte[] COPY_HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final String[] COUNTRIES = {"AM", "DE", "FR", "GB", "IN", "KE", "BR", "US"};

    private final BenchmarkStack site;
    private final Random random = new Random(1);
    private final Instant start = Instant.now();

    EventLogFiller(BenchmarkStack site) {
        this.site = site;
    }

    /** Appends so many events. */
    void append(long events) throws SQLException, IOException {
        try (Connection connection = site.connect("signature_service")) {
            connection.setAutoCommit(false);
            long petition = site.number(
                    "signature_service", "select id from petition_name where slug = '" + BenchmarkStack.PETITION + "'");
            long head = head();
            long end = head + events;
            site.execute("signature_service", "select ensure_partitions(" + end + ")");
            while (head < end) {
                int some = (int) Math.min(EVENTS_A_TRANSACTION, end - head);
                append(connection, head, some, (int) petition);
                head += some;
            }
        }
    }

    long head() throws SQLException {
        return site.number("signature_service", "select last_index from log_head");
    }

    private UUID randomStream() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return NameBasedUuid.ofHash(bits);
    }

    private void append(Connection connection, long head, int events, int petition) throws SQLException, IOException {
        Rows log = new Rows();
        Rows places = new Rows();
        UUID toVerify = null;
        for (int i = 1; i <= events; i++) {
            long index = head + i;
            boolean verifies = i % 4 == 0;
            UUID stream = verifies ? toVerify : randomStream();
            toVerify = i % 4 == 1 ? stream : toVerify;
            Event event = event(stream, verifies, start.plusMillis(index % 1000));
            int sequence = verifies ? 1 : 0;
            log.row(8)
                    .value(index)
                    .value(stream)
                    .value(event.at())
                    .none()
                    .value(petition)
                    .value(sequence)
                    .value((short) EventType.of(event).code())
                    .value(EventJson.data(event));
            places.row(4).value(stream).value(sequence).value(index);
            if (verifies) {
                places.none();
            } else {
                places.value(bytes(SECRET_BYTES));
            }
        }
        log.copyTo(connection, "event (global_index, stream, time, trace, petition, sequence, type, data)");
        places.copyTo(connection, "stream_event (stream, sequence, global_index, secret)");
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("update log_head set last_index = " + (head + events));
        }
        connection.commit();
    }

    private SignatureEvent event(UUID stream, boolean verifies, Instant at) {
        SignatureId signature = new SignatureId(stream);
        PetitionSlug petition = new PetitionSlug(BenchmarkStack.PETITION);
        CountryCode country = new CountryCode(COUNTRIES[(int) (stream.getLeastSignificantBits() & 7)]);
        return verifies
                ? new SignatureVerified(signature, petition, at, 1, country, false)
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

    /** Rows in PostgreSQL's binary form of COPY. */
    private static final class Rows {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 << 20);
        private final DataOutputStream out = new DataOutputStream(bytes);

        private Rows() throws IOException {
            out.write(COPY_HEADER);
        }

        Rows row(int columns) throws IOException {
            out.writeShort(columns);
            return this;
        }

        Rows none() throws IOException {
            out.writeInt(-1);
            return this;
        }

        Rows value(long value) throws IOException {
            out.writeInt(8);
            out.writeLong(value);
            return this;
        }

        Rows value(int value) throws IOException {
            out.writeInt(4);
            out.writeInt(value);
            return this;
        }

        Rows value(short value) throws IOException {
            out.writeInt(2);
            out.writeShort(value);
            return this;
        }

        Rows value(UUID value) throws IOException {
            out.writeInt(16);
            out.writeLong(value.getMostSignificantBits());
            out.writeLong(value.getLeastSignificantBits());
            return this;
        }

        Rows value(Instant value) throws IOException {
            return value((value.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1000);
        }

        Rows value(byte[] value) throws IOException {
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
