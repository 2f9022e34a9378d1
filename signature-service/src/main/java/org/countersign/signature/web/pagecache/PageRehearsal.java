package org.countersign.signature.web.pagecache;

import jakarta.servlet.Filter;
import org.countersign.signature.application.Confirmations;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.springframework.stereotype.Component;

/** Makes page caches for the warm-up. */
@Component
public class PageRehearsal {

    private final PageLanguageResolver languages;

    PageRehearsal(PageLanguageResolver languages) {
        this.languages = languages;
    }

    /** Makes a cache of confirm pages. */
    public Filter confirmPages(Confirmations confirmations) {
        return new ConfirmPageCache(confirmations, languages);
    }
}
