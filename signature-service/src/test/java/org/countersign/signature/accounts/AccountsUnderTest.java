package org.countersign.signature.accounts;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.countersign.signature.RunningService;
import org.countersign.testkit.HttpProbe;
import org.jsoup.Jsoup;

/** Makes organisations, people and tokens as the built-in organiser does. */
abstract class AccountsUnderTest extends RunningService {

    /** What a test needs of an organisation: a petition with a signature and a case. */
    record Place(String organisation, String petition, String signature, String invalidationCase) {}

    HttpProbe.Response call(String method, String path, Object body, String... headers) {
        return new HttpProbe(port).sendJson(method, path, JSON.writeValueAsString(body), headers);
    }

    String organisation() {
        String slug = "org-" + UUID.randomUUID();
        created(call("POST", "/api/organisations", Map.of("slug", slug, "name", "Trees"), as(ORGANISER)));
        return slug;
    }

    static HttpProbe.Response created(HttpProbe.Response response) {
        if (response.status() / 100 != 2) {
            throw new IllegalStateException(response.status() + " " + response.body());
        }
        return response;
    }

    String publishedPetition(String organisation) {
        String slug = "tree-" + UUID.randomUUID();
        String body = petition(slug).replaceFirst("\\{", "{\"organisation\":\"" + organisation + "\",");
        created(post("/api/petitions", body, as(ORGANISER)));
        return slug;
    }

    Place place() {
        String organisation = organisation();
        String petition = publishedPetition(organisation);
        signAndConfirm(petition, Map.of("name", "Sona Signer", "email", "sona@place.example", "country", "AM"));
        String signature = newestSignature(petition);
        HttpProbe.Response opened = created(call(
                "POST",
                "/api/petitions/" + petition + "/cases",
                Map.of(
                        "criteria",
                        Map.of("domains", List.of("nobody.example")),
                        "reason",
                        "a test",
                        "publicReason",
                        "a test"),
                as(ORGANISER)));
        return new Place(
                organisation, petition, signature, opened.json().get("id").asString());
    }

    /** Adds a person. An empty petition is all petitions. */
    String person(String organisation, List<String> roles, String petition) {
        Map<String, Object> body = new java.util.HashMap<>(
                Map.of("name", "Petra Person", "mail", UUID.randomUUID() + "@people.example", "roles", roles));
        if (!petition.isEmpty()) {
            body.put("petition", petition);
        }
        return created(call("POST", "/api/organisations/" + organisation + "/people", body, as(ORGANISER)))
                .json()
                .get("id")
                .asString();
    }

    HttpProbe.Response token(String organisation, String person, List<String> roles, Map<String, String> more) {
        Map<String, Object> body =
                new java.util.HashMap<>(Map.of("person", person, "name", "a program", "roles", roles));
        body.putAll(more);
        return call("POST", "/api/organisations/" + organisation + "/tokens", body, as(ORGANISER));
    }

    /** Returns the header of a new token of a new person with these roles. */
    String[] member(String organisation, List<String> roles, String petition) {
        String person = person(organisation, roles, petition);
        return bearer(created(token(organisation, person, roles, Map.of()))
                .json()
                .get("token")
                .asString());
    }

    static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    /** Sends a form of a page with the token against forged requests. */
    HttpProbe.Response form(String path, Map<String, String> fields, String... headers) {
        HttpProbe.Response page = get("/petitions/" + anyPetition());
        String csrf = Jsoup.parse(page.body()).select("input[name=_csrf]").attr("value");
        String cookie = page.headers().allValues("Set-Cookie").stream()
                .filter(one -> one.startsWith("XSRF-TOKEN="))
                .map(one -> one.replaceFirst(";.*", ""))
                .findFirst()
                .orElseThrow();
        String body = fields.entrySet().stream()
                .map(field -> "&" + field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining());
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookie)
                        .POST(HttpRequest.BodyPublishers.ofString("_csrf=" + csrf + body)),
                headers);
    }

    private Optional<String> known = Optional.empty();

    private String anyPetition() {
        if (known.isEmpty()) {
            known = Optional.of(publishedPetition());
        }
        return known.get();
    }
}
