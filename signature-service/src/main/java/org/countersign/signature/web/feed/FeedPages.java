package org.countersign.signature.web.feed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.web.counts.CounterClient;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.databind.JsonNode;

/** The Atom feeds of petitions (RFC 4287). Each entry is in the language of its petition. */
@Controller
public class FeedPages {

    private static final MediaType ATOM = MediaType.parseMediaType("application/atom+xml;charset=UTF-8");
    private static final String NAMESPACE = "http://www.w3.org/2005/Atom";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_ENTRIES = 100;

    private final Petitions petitions;
    private final CounterClient counter;
    private final MessageSource texts;
    private final String site;
    private final CacheControl cacheControl;
    private final Cache<String, byte[]> feeds;

    FeedPages(
            Petitions petitions,
            CounterClient counter,
            MessageSource texts,
            @Value("${countersign.public-url}") String site,
            @Value("${countersign.pages.max-age}") Duration maxAge) {
        this.petitions = petitions;
        this.counter = counter;
        this.texts = texts;
        this.site = site;
        this.cacheControl = CacheControl.maxAge(maxAge).cachePublic();
        this.feeds =
                Caffeine.newBuilder().expireAfterWrite(maxAge).maximumSize(1000).build();
    }

    /** An event of a petition in a feed. */
    private record FeedEntry(Petition petition, String name, Instant at, String text) {}

    @GetMapping("/feed.atom")
    ResponseEntity<byte[]> all() {
        return feed("/", "/feed.atom", "Countersign", Locale.ENGLISH, () -> {
            List<FeedEntry> entries = new ArrayList<>();
            petitions.all().stream().limit(MAX_ENTRIES).forEach(petition -> entries.add(published(petition)));
            counter.get("/api/milestones", TIMEOUT)
                    .join()
                    .forEach(milestone -> find(milestone.path("petition").asString())
                            .ifPresent(petition -> entries.add(reached(petition, milestone))));
            return entries;
        });
    }

    private Optional<Petition> find(String slug) {
        return petitions.find(new PetitionSlug(slug));
    }

    @GetMapping("/petitions/{slug}/feed.atom")
    ResponseEntity<byte[]> one(@PathVariable String slug) {
        Petition petition = petitions.get(slug);
        String page = "/petitions/" + petition.slug();
        return feed(page, page + "/feed.atom", petition.title(), locale(petition), () -> {
            List<FeedEntry> entries = new ArrayList<>(List.of(published(petition)));
            counter.get("/api/petitions/" + petition.slug() + "/milestones", TIMEOUT)
                    .join()
                    .forEach(milestone -> entries.add(reached(petition, milestone)));
            petition.closedAt()
                    .ifPresent(at -> entries.add(new FeedEntry(
                            petition, "closed-" + at.getEpochSecond(), at, text(petition, "feed.closed"))));
            return entries;
        });
    }

    private ResponseEntity<byte[]> feed(
            String page, String self, String title, Locale language, Supplier<List<FeedEntry>> entries) {
        try {
            byte[] feed = feeds.get(self, missing -> write(page, self, title, language, entries.get()));
            return ResponseEntity.ok()
                    .contentType(ATOM)
                    .cacheControl(cacheControl)
                    .body(feed);
        } catch (CompletionException e) {
            // Do not answer with an incomplete feed: readers would take it for complete.
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .header("Retry-After", "5")
                    .build();
        }
    }

    private FeedEntry published(Petition petition) {
        return new FeedEntry(petition, "published", petition.publishedAt(), text(petition, "feed.published"));
    }

    private FeedEntry reached(Petition petition, JsonNode milestone) {
        long threshold = milestone.path("threshold").asLong();
        return new FeedEntry(
                petition,
                "milestone-" + threshold,
                Instant.parse(milestone.path("reachedAt").asString()),
                text(petition, "feed.milestone", threshold));
    }

    private String text(Petition petition, String key, Object... values) {
        return texts.getMessage(key, values, locale(petition));
    }

    private static Locale locale(Petition petition) {
        return SupportedLanguage.of(Locale.forLanguageTag(petition.language()))
                .orElse(SupportedLanguage.ENGLISH)
                .locale();
    }

    private byte[] write(String page, String self, String title, Locale language, List<FeedEntry> entries) {
        List<FeedEntry> newest = entries.stream()
                .sorted(Comparator.comparing(FeedEntry::at).reversed().thenComparing(FeedEntry::name))
                .limit(MAX_ENTRIES)
                .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("feed");
            xml.writeDefaultNamespace(NAMESPACE);
            xml.writeAttribute("xml:lang", language.toLanguageTag());
            element(xml, "id", site + self);
            element(xml, "title", title);
            element(
                    xml,
                    "updated",
                    newest.stream()
                            .findFirst()
                            .map(FeedEntry::at)
                            .orElse(Instant.EPOCH)
                            .toString());
            link(xml, "self", site + self);
            link(xml, "alternate", site + page);
            xml.writeStartElement("author");
            element(xml, "name", "Countersign");
            xml.writeEndElement();
            for (FeedEntry entry : newest) {
                write(xml, entry);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private void write(XMLStreamWriter xml, FeedEntry entry) throws XMLStreamException {
        String address = site + "/petitions/" + entry.petition().slug();
        xml.writeStartElement("entry");
        xml.writeAttribute("xml:lang", locale(entry.petition()).toLanguageTag());
        element(xml, "id", address + "#" + entry.name());
        element(xml, "title", entry.petition().title() + ": " + entry.text());
        element(xml, "updated", entry.at().toString());
        link(xml, "alternate", address);
        element(xml, "summary", entry.text());
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static void link(XMLStreamWriter xml, String relation, String address) throws XMLStreamException {
        xml.writeEmptyElement("link");
        xml.writeAttribute("rel", relation);
        xml.writeAttribute("href", address);
    }
}
