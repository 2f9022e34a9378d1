package org.countersign.localstack.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Renders the mailbox's two pages as HTML. */
final class MailboxPages {

    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+");
    private static final String FRAME = resource("mailbox.html");

    private MailboxPages() {}

    static String list(List<MailMessage> newestFirst, Optional<String> to, int total) {
        StringBuilder rows = new StringBuilder();
        for (MailMessage mail : newestFirst) {
            rows.append("<li><a href=\"/messages/%d\"><b>%s</b><span>to %s</span></a></li>"
                    .formatted(mail.id(), escape(mail.subject()), escape(mail.to())));
        }
        String heading = to.map(address -> "Mail to " + escape(address)).orElse("Mailbox");
        String address = to.map(MailboxPages::escape).orElse("");
        String form = """
                <form><label>Address <input name="to" type="email" value="%s"></label> <button>Find</button></form>
                <p>%d mails in total, newest first.</p>""".formatted(address, total);
        return frame(heading, form + (rows.isEmpty() ? "<p>No mail yet.</p>" : "<ul>" + rows + "</ul>"));
    }

    static String message(MailMessage mail) {
        String text = LINK.matcher(escape(mail.text()))
                .replaceAll(link -> "<a href=\"" + link.group() + "\">" + link.group() + "</a>");
        String html = mail.html().isEmpty() ? "" : """
                <h2>As HTML</h2>
                <iframe title="The mail as HTML" src="/messages/%d/html"></iframe>""".formatted(mail.id());
        return frame(escape(mail.subject()), """
                <p><a href="/">All mail</a></p>
                <p>From %s<br>To %s</p>
                <pre>%s</pre>%s""".formatted(escape(mail.from()), escape(mail.to()), text, html));
    }

    private static String frame(String heading, String content) {
        return FRAME.replace("{heading}", heading).replace("{content}", content);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(MailboxPages.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
