package org.countersign.notifier.mail;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Renders mails, as text and as HTML with the same words. The build compiles the template of the HTML, so that a mail
 * needs no reflection and no expression language.
 */
final class MailTemplates {

    private static final String NAME = "mail.jte";
    private static final int USUAL_LENGTH = 4096;

    /** The class of the template is on the class path, so that the engine needs no directory. */
    private final TemplateEngine html = TemplateEngine.createPrecompiled(
            (Path) null, ContentType.Html, MailTemplates.class.getClassLoader(), "org.countersign.notifier.mail.html");

    String html(MailContent content) {
        TemplateOutput output = new StringOutput(USUAL_LENGTH);
        html.render(NAME, content, output);
        return output.toString();
    }

    /** Returns paragraphs with blank lines in between. Mail programs recognise the line of two hyphens and a space. */
    String text(MailContent content) {
        List<String> paragraphs = new ArrayList<>(List.of(content.greeting(), content.text()));
        add(paragraphs, content.goal());
        add(paragraphs, content.next());
        add(paragraphs, content.action());
        add(paragraphs, content.receipt());
        paragraphs.add("-- \n" + content.reason());
        add(paragraphs, content.leave());
        add(paragraphs, content.data());
        add(paragraphs, content.neverWrite());
        return String.join("\n\n", paragraphs) + "\n";
    }

    private static void add(List<String> paragraphs, @Nullable String paragraph) {
        if (paragraph != null) {
            paragraphs.add(paragraph);
        }
    }

    private static void add(List<String> paragraphs, MailContent.@Nullable Link link) {
        if (link != null) {
            paragraphs.add(link.label() + ":\n" + link.address());
        }
    }
}
