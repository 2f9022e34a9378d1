package org.countersign.notifier.webhook;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What webhooks are told: programs in JSON of ours, chats in a sentence of the petition's language. */
@Component
class WebhookPayloads {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** So long may a message in Discord be; Slack's may be longer. */
    private static final int LONGEST = 2000;

    private final JdbcClient database;
    private final MessageSource texts;
    private final String site;

    WebhookPayloads(JdbcClient database, MessageSource texts, @Value("${countersign.public-url}") String site) {
        this.database = database;
        this.texts = texts;
        this.site = site;
    }

    /** @param petition null for a test of a webhook for all petitions */
    String of(WebhookFormat format, String type, Instant at, String petition, Map<String, Object> data) {
        return switch (format) {
            case STANDARD -> standard(type, at, petition, data);
            // Slack takes these three characters for its own marks (api.slack.com, "Formatting text for app surfaces").
            case SLACK ->
                JSON.writeValueAsString(Map.of(
                        "mrkdwn",
                        false,
                        "text",
                        sentence(type, petition, data)
                                        .replace("&", "&amp;")
                                        .replace("<", "&lt;")
                                        .replace(">", "&gt;")
                                + link(petition)));
            // A title that says @everyone calls nobody (Discord's "Allowed Mentions Object").
            case DISCORD ->
                JSON.writeValueAsString(Map.of(
                        "allowed_mentions",
                        Map.of("parse", List.of()),
                        "content",
                        sentence(type, petition, data).replaceAll("[\\\\*_~`|]", "\\\\$0") + link(petition)));
        };
    }

    private static String standard(String type, Instant at, String petition, Map<String, Object> data) {
        Map<String, Object> allData = new LinkedHashMap<>();
        allData.put("petition", petition);
        allData.putAll(new TreeMap<>(data));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("timestamp", at.toString());
        body.put("data", allData);
        return JSON.writeValueAsString(body);
    }

    private record Named(String title, String language) {}

    private String sentence(String type, String petition, Map<String, Object> data) {
        // Events of petitions and of milestones come in no order: it may not be known yet.
        Named named = database.sql("select title, language from petition where slug = ?")
                .param(petition)
                .query((row, number) -> new Named(row.getString(1), row.getString(2)))
                .optional()
                .orElse(new Named(petition, "en"));
        String text = texts.getMessage(
                "chat." + type,
                new Object[] {named.title(), data.get("threshold"), data.get("goal")},
                Locale.forLanguageTag(named.language()));
        return text.substring(0, Math.min(text.length(), LONGEST / 2));
    }

    private String link(String petition) {
        return "\n" + (petition == null ? site : site + "/petitions/" + petition);
    }
}
