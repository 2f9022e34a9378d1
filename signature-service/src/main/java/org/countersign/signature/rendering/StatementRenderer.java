package org.countersign.signature.rendering;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;
import org.springframework.stereotype.Component;

/** Renders a petition's statement from Markdown to safe HTML. */
@Component
public class StatementRenderer {

    private static final int LOWEST_HEADING = 4;
    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowElements(
                    "p",
                    "br",
                    "hr",
                    "h2",
                    "h3",
                    "h4",
                    "ul",
                    "ol",
                    "li",
                    "strong",
                    "em",
                    "blockquote",
                    "code",
                    "pre",
                    "sup",
                    "a")
            .allowAttributes("href")
            .onElements("a")
            .allowAttributes("start")
            .matching(java.util.regex.Pattern.compile("[0-9]{1,9}"))
            .onElements("ol")
            .allowUrlProtocols("https", "http", "mailto")
            .requireRelsOnLinks("nofollow", "noopener", "noreferrer")
            .toFactory();

    private final Parser parser = Parser.builder().build();
    private final HtmlRenderer renderer =
            HtmlRenderer.builder().escapeHtml(true).build();

    /**
     * Renders a statement.
     *
     * @param markdown the organiser's text; HTML in it is shown as text
     */
    public String html(String markdown) {
        Node document = parser.parse(markdown);
        List<Heading> headings = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                headings.add(heading);
            }
        });
        // The page's title is its first heading. The statement's headings start one level below it.
        int highest = headings.stream().mapToInt(Heading::getLevel).min().orElse(1);
        headings.forEach(heading -> heading.setLevel(Math.min(heading.getLevel() - highest + 2, LOWEST_HEADING)));
        return POLICY.sanitize(renderer.render(document));
    }
}
