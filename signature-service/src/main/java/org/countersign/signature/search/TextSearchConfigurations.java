package org.countersign.signature.search;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** PostgreSQL's text search configurations. They know the word stems and the frequent words of a language. */
@Component
class TextSearchConfigurations {

    /** Takes words as they are. */
    static final String SIMPLE = "simple";

    /** By ISO 639 code. PostgreSQL 12 to 18 have them; whether the server has one is asked. */
    private static final Map<String, String> BY_LANGUAGE = Map.ofEntries(
            Map.entry("ar", "arabic"),
            Map.entry("ca", "catalan"),
            Map.entry("da", "danish"),
            Map.entry("de", "german"),
            Map.entry("el", "greek"),
            Map.entry("en", "english"),
            Map.entry("es", "spanish"),
            Map.entry("et", "estonian"),
            Map.entry("eu", "basque"),
            Map.entry("fi", "finnish"),
            Map.entry("fr", "french"),
            Map.entry("ga", "irish"),
            Map.entry("hi", "hindi"),
            Map.entry("hu", "hungarian"),
            Map.entry("hy", "armenian"),
            Map.entry("id", "indonesian"),
            Map.entry("in", "indonesian"),
            Map.entry("it", "italian"),
            Map.entry("ji", "yiddish"),
            Map.entry("lt", "lithuanian"),
            Map.entry("nb", "norwegian"),
            Map.entry("ne", "nepali"),
            Map.entry("nl", "dutch"),
            Map.entry("nn", "norwegian"),
            Map.entry("no", "norwegian"),
            Map.entry("pt", "portuguese"),
            Map.entry("ro", "romanian"),
            Map.entry("ru", "russian"),
            Map.entry("sr", "serbian"),
            Map.entry("sv", "swedish"),
            Map.entry("ta", "tamil"),
            Map.entry("tr", "turkish"),
            Map.entry("yi", "yiddish"));

    private final JdbcClient database;
    private volatile Set<String> available = Set.of();

    TextSearchConfigurations(JdbcClient database) {
        this.database = database;
    }

    /** Returns the name of the configuration for a language, {@link #SIMPLE} if PostgreSQL has none. */
    String of(Locale language) {
        if (available.isEmpty()) {
            available = Set.copyOf(
                    database.sql("select cfgname from pg_ts_config where cfgnamespace = 'pg_catalog'::regnamespace")
                            .query(String.class)
                            .list());
        }
        String name = BY_LANGUAGE.getOrDefault(language.getLanguage(), SIMPLE);
        return available.contains(name) ? name : SIMPLE;
    }
}
