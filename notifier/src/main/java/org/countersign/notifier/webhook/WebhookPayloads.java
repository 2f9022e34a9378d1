package org.countersign.notifier.webhook;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.countersign.notifier.petition.PetitionDirectory;
import org.countersign.notifier.petition.PetitionFacts;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Builds the bodies of webhook calls: JSON for programs, a sentence in the petition's language for chats. */
@Component
class WebhookPayloads {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The limit of Discord in characters. Slack's limit is higher. */
    private static final int LONGEST = 2000;

    private final PetitionDirectory petitions;
    private final MessageSource texts;
    private final String site;

    WebhookPayloads(PetitionDirectory petitions, MessageSource texts, @Value("${countersign.public-url}") String site) {
        this.petitions = petitions;
        this.texts = texts;
        this.site = site;
    }

    /** @param petition null for a test of a webhook for all petitions */
    String of(WebhookFormat format, String type, Instant at, String petition, Map<String, Object> data) {
        return switch (format) {
            case STANDARD -> standard(type, at, petition, data);
            // Slack uses these three characters as markup (api.slack.com, "Formatting text for app surfaces").
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
            // A title that contains @everyone notifies nobody (Discord's "Allowed Mentions Object").
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

    private String sentence(String type, String petition, Map<String, Object> data) {
        // The topics of petitions and milestones have no common order. The petition may not be stored yet.
        Optional<PetitionFacts> facts = Optional.ofNullable(petition).flatMap(petitions::find);
        String text = texts.getMessage(
                "chat." + type,
                new Object[] {facts.map(PetitionFacts::title).orElse(petition), data.get("threshold"), data.get("goal")
                },
                facts.map(PetitionFacts::language).map(Locale::forLanguageTag).orElse(Locale.ENGLISH));
        return text.substring(0, Math.min(text.length(), LONGEST / 2));
    }

    private String link(String petition) {
        return "\n" + (petition == null ? site : site + "/petitions/" + petition);
    }
}
