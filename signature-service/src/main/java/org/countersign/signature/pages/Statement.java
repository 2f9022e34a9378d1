package org.countersign.signature.pages;

import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;
import org.springframework.stereotype.Component;

/** Turns a petition's statement from Markdown into HTML that can do no harm. */
@Component
class Statement {

    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowElements("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "sup", "a")
            .allowAttributes("href").onElements("a")
            .allowAttributes("start").matching(java.util.regex.Pattern.compile("[0-9]{1,9}")).onElements("ol")
            .allowUrlProtocols("https", "http", "mailto")
            .requireRelsOnLinks("nofollow", "noopener", "noreferrer")
            .toFactory();

    private final Parser parser = Parser.builder().build();
    private final HtmlRenderer renderer = HtmlRenderer.builder().escapeHtml(true).build();

    /** @param markdown as the organiser wrote it; HTML in it is shown as text */
    String html(String markdown) {
        Node document = parser.parse(markdown);
        // The page has its own first heading, so the statement's begin a level below.
        String html = renderer.render(document).replaceAll("<(/?)h[34]>", "<$1h4>").replaceAll("<(/?)h2>", "<$1h3>").replaceAll("<(/?)h1>", "<$1h2>");
        return POLICY.sanitize(html);
    }
}
