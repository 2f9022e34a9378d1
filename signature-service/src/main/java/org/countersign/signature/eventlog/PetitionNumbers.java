package org.countersign.signature.eventlog;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.countersign.events.PetitionSlug;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The short numbers of petitions in the log. They never change, so each is read once. */
class PetitionNumbers {

    private final JdbcClient database;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final Map<Integer, PetitionSlug> slugs = new ConcurrentHashMap<>();

    PetitionNumbers(JdbcClient database) {
        this.database = database;
    }

    /** Returns the number of a petition, and assigns one if it has none. */
    int number(String slug) {
        Integer cached = numbers.get(slug);
        return cached != null ? cached : numbers.computeIfAbsent(slug, this::numberInDatabase);
    }

    private int numberInDatabase(String slug) {
        database.sql("insert into petition_name (slug) values (?) on conflict do nothing")
                .param(slug)
                .update();
        return database.sql("select id from petition_name where slug = ?")
                .param(slug)
                .query(Integer.class)
                .single();
    }

    /** Drops all numbers: another log may have others. */
    void forget() {
        numbers.clear();
        slugs.clear();
    }

    /** Returns the slug of a number, or empty if no petition has the number. */
    Optional<PetitionSlug> find(int number) {
        PetitionSlug cached = slugs.get(number);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<PetitionSlug> stored = database.sql("select slug from petition_name where id = ?")
                .param(number)
                .query(String.class)
                .optional()
                .filter(PetitionSlug::isSlug)
                .map(PetitionSlug::new);
        stored.ifPresent(slug -> slugs.put(number, slug));
        return stored;
    }
}
