package org.countersign.notifier.webhook;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who wants to be called. */
@Component
public class Webhooks {

    private final JdbcClient database;

    Webhooks(JdbcClient database) {
        this.database = database;
    }

    /** A webhook as organisers see it. */
    record Webhook(UUID id, String petition, String url, List<String> events) {
    }

    UUID add(Optional<String> petition, URI url, List<String> events) {
        UUID id = UUID.randomUUID();
        database.sql("insert into webhook (id, petition, url, events) values (?, ?, ?, cast(? as text[]))")
                .params(id, petition.orElse(null), url.toString(), events.toString().replace('[', '{').replace(']', '}')).update();
        return id;
    }

    List<Webhook> all() {
        return database.sql("select id, petition, url, events from webhook order by created_at")
                .query((row, number) -> new Webhook(row.getObject(1, UUID.class), row.getString(2), row.getString(3),
                        List.of((String[]) row.getArray(4).getArray()))).list();
    }

    Optional<URI> url(UUID id) {
        return database.sql("select url from webhook where id = ?").param(id).query(String.class).optional().map(URI::create);
    }

    boolean remove(UUID id) {
        return database.sql("delete from webhook where id = ?").param(id).update() == 1;
    }

    /** The webhooks that want to know of such an event on the petition. */
    public List<UUID> wanting(String event, String petition) {
        return database.sql("select id from webhook where ? = any (events) and (petition is null or petition = ?) order by created_at")
                .params(event, petition).query(UUID.class).list();
    }
}
