package org.countersign.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Status, headers and body of all public URLs, without what only clocks and chance change. */
final class PublicSnapshot {

    /**
     * A difference that says nothing about signers.
     *
     * @param pattern what is replaced in a response
     * @param replacement its replacement
     * @param reason why it changes from one request to the next
     */
    record ClockException(Pattern pattern, String replacement, String reason) {

        private static ClockException of(String pattern, String replacement, String reason) {
            return new ClockException(Pattern.compile(pattern), replacement, reason);
        }
    }

    static final List<ClockException> EXCEPTIONS = List.of(
            ClockException.of("(?m)^date: .*$", "date: *", "the clock of the server"),
            ClockException.of("(?m)^trace-id: .*$", "trace-id: *", "random for each request"),
            ClockException.of(
                    "(?m)^set-cookie: XSRF-TOKEN=[^;\\s]*",
                    "set-cookie: XSRF-TOKEN=*",
                    "random for each reader of a form"),
            ClockException.of(
                    "name=\"_csrf\" value=\"[^\"]*\"",
                    "name=\"_csrf\" value=\"*\"",
                    "random for each reader of a form"),
            ClockException.of(
                    "name=\"form\" value=\"[^\"]*\"",
                    "name=\"form\" value=\"*\"",
                    "the signed time at which the page was sent"),
            ClockException.of(
                    "\"projectedAt\":\"[^\"]*\"",
                    "\"projectedAt\":\"*\"",
                    "now, plus the missing signatures divided by the rate"),
            ClockException.of(
                    "<time datetime=\"[^\"]*T[^\"]*\">[^<]*",
                    "<time>",
                    "the same on the page, where names carry days and no other time of day is shown"),
            ClockException.of(
                    "(?s)content-length: \\d+(?=\\n.*class=\"chart\")",
                    "content-length: *",
                    "the coordinates of the chart have more or fewer digits; the body is compared without them"),
            ClockException.of("L[0-9.]+ ", "L* ", "the chart ends now, so that its points move to the left"),
            ClockException.of("\\b(cx|x)=\"[0-9.]+\"", "$1=\"*\"", "the marks of the chart move to the left, too"),
            ClockException.of(
                    "dx=\"-?8\"( dy=\"-6\")? text-anchor=\"(start|end)\"",
                    "dx=\"*\"",
                    "a label changes its side when its mark passes the middle of the chart"));

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Map<String, String> responses = new TreeMap<>();

    /** Reads a URL with GET and HEAD. */
    void add(String url, String... headers) {
        for (String method : List.of("GET", "HEAD")) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            responses.put(method + " " + url + " " + String.join(" ", headers), comparable(send(request)));
        }
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns everything that a client sees of a response, with each byte of the body as a character. */
    static String comparable(HttpResponse<byte[]> response) {
        StringBuilder text = new StringBuilder().append(response.statusCode()).append('\n');
        new TreeMap<>(response.headers().map())
                .forEach((name, values) -> values.forEach(
                        value -> text.append(name).append(": ").append(value).append('\n')));
        text.append('\n').append(new String(response.body(), StandardCharsets.ISO_8859_1));
        String comparable = text.toString();
        for (ClockException exception : EXCEPTIONS) {
            comparable = exception.pattern().matcher(comparable).replaceAll(exception.replacement());
        }
        return comparable;
    }

    int size() {
        return responses.size();
    }

    /** Describes the responses that differ, with the first lines that do. */
    List<String> differencesFrom(PublicSnapshot before) {
        List<String> differences = new ArrayList<>();
        Map<String, String> all = new TreeMap<>(before.responses);
        all.putAll(responses);
        for (String request : all.keySet()) {
            String was = before.responses.getOrDefault(request, "(not there)");
            String is = responses.getOrDefault(request, "(not there)");
            if (!was.equals(is)) {
                differences.add(request + "\n" + firstDifference(was, is));
            }
        }
        return differences;
    }

    private static String firstDifference(String was, String is) {
        int at = 0;
        while (at < Math.min(was.length(), is.length()) && was.charAt(at) == is.charAt(at)) {
            at++;
        }
        return "  was: …" + part(was, at) + "\n  is:  …" + part(is, at);
    }

    private static String part(String text, int at) {
        return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60))
                .replaceAll("[^\\x20-\\x7e]", "·");
    }
}
