package org.countersign.signature.people;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** A browser without scripts: keeps cookies, and sends forms with their hidden fields. It follows no redirects. */
final class PersonBrowser {

    private final HttpProbe probe;
    final Map<String, String> cookies = new LinkedHashMap<>();
    HttpProbe.Response last = new HttpProbe.Response(0, "", java.net.http.HttpHeaders.of(Map.of(), (a, b) -> true));

    PersonBrowser(int port) {
        probe = new HttpProbe(port);
    }

    PersonBrowser open(String path) {
        return keep(probe.send(HttpRequest.newBuilder(probe.uri(path)), headers()));
    }

    Document page() {
        return Jsoup.parse(last.body());
    }

    String location() {
        return last.headers().firstValue("Location").orElse("").replaceFirst("^http://[^/]+", "");
    }

    /** Fills in and sends the form of the page that posts to a path. */
    PersonBrowser submit(String action, String... fields) {
        Element form = page().select("form").stream()
                .filter(one -> one.attr("action").equals(action))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No form posts to " + action + " in " + last));
        Map<String, List<String>> values = new LinkedHashMap<>();
        form.select("input[type=hidden]")
                .forEach(hidden -> values.computeIfAbsent(hidden.attr("name"), any -> new ArrayList<>())
                        .add(hidden.val()));
        for (int i = 0; i < fields.length; i += 2) {
            values.computeIfAbsent(fields[i], any -> new ArrayList<>()).add(fields[i + 1]);
        }
        return post(action, values);
    }

    PersonBrowser post(String action, Map<String, List<String>> values) {
        String body = values.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> entry.getKey() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(probe.uri(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return keep(probe.send(request, headers()));
    }

    private String[] headers() {
        String all = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? new String[0] : new String[] {"Cookie", all};
    }

    private PersonBrowser keep(HttpProbe.Response response) {
        last = response;
        response.headers().allValues("Set-Cookie").forEach(cookie -> {
            String[] pair = cookie.split(";", 2)[0].split("=", 2);
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return this;
    }
}
