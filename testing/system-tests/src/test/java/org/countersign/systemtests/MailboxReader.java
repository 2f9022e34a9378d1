package org.countersign.systemtests;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.countersign.localstack.client.ApiClient;
import tools.jackson.databind.JsonNode;

/** The mailbox of the stack, as its reader sees it. */
record MailboxReader(int port) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** One mail, with what its reader may click. */
    record Mail(String subject, String text, String html, JsonNode headers) {

        /** The one link of the mail that leads to the page. */
        String link(String page) {
            Matcher link = Pattern.compile("https?://\\S+/" + page + "\\?token=[^\\s<>\"]+")
                    .matcher(text);
            if (!link.find()) {
                throw new AssertionError("no link to /" + page + " in: " + text);
            }
            return link.group();
        }

        String token(String page) {
            return URLDecoder.decode(link(page).replaceFirst(".*token=", ""), StandardCharsets.UTF_8);
        }
    }

    /** The mails to an address so far, oldest first. */
    List<Mail> to(String address) {
        List<Mail> mails = new ArrayList<>();
        new ApiClient()
                .get(port, "/api/messages?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8), Optional.empty())
                .json()
                .forEach(mail -> mails.add(new Mail(
                        mail.get("subject").asString(),
                        mail.get("text").asString(),
                        mail.get("html").asString(),
                        mail.get("headers"))));
        return mails;
    }

    /** The mail to an address that comes as the given one, counted from 1, once it is there. */
    Mail await(String address, int number) {
        return awaitAll(address, number).get(number - 1);
    }

    /** The mails to an address, once there are that many. */
    List<Mail> awaitAll(String address, int number) {
        return Awaitility.await("mail " + number + " to " + address)
                .atMost(PATIENCE)
                .until(() -> to(address), mails -> mails.size() >= number);
    }
}
