package org.countersign.signature.screening;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The providers whose addresses anybody has for a few minutes. A file replaces the list that the service brings along.
 * The service reads it again when it changes.
 */
@Component
class DisposableDomains {

    private static final Logger LOG = LoggerFactory.getLogger(DisposableDomains.class);

    private final @Nullable Path file;
    private @Nullable FileTime modified;
    private volatile Set<String> domains = DomainFile.read(DomainFile.resource("disposable-domains.txt"));

    /** @param file the path of the file; empty for the list that the service brings along */
    DisposableDomains(@Value("${countersign.screening.disposable-domains:}") String file) {
        this.file = file.isBlank() ? null : Path.of(file);
        refresh();
    }

    /** Tells whether a domain, or a domain above it, is on the list. */
    boolean contains(String domain) {
        Set<String> current = domains;
        for (String part = domain; !part.isEmpty(); ) {
            if (current.contains(part)) {
                return true;
            }
            int dot = part.indexOf('.');
            part = dot < 0 ? "" : part.substring(dot + 1);
        }
        return false;
    }

    /** Reads the file if it has changed. The earlier list stays if it cannot be read. */
    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
    final void refresh() {
        if (file == null) {
            return;
        }
        try {
            FileTime found = Files.getLastModifiedTime(file);
            if (!found.equals(modified)) {
                domains = DomainFile.read(Files.newBufferedReader(file));
                modified = found;
                LOG.info("The list of disposable domains has {} entries", domains.size());
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot read the list of disposable domains: {}", e.toString());
        }
    }
}
