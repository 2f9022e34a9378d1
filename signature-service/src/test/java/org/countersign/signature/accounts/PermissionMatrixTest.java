package org.countersign.signature.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.countersign.support.access.AccessRules;
import org.countersign.support.access.AccessRules.AccessRule;
import org.countersign.support.access.Permission;
import org.countersign.support.access.Permission.Subject;
import org.countersign.support.access.Role;
import org.countersign.testkit.HttpProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;

/** Tries every call with every role on petitions of the own organisation, of another one, and on none. */
class PermissionMatrixTest extends AccountsUnderTest {

    private static final Set<Subject> OBJECTS = Set.of(
            Subject.PETITION,
            Subject.PETITION_IN_QUERY,
            Subject.SIGNATURE,
            Subject.SIGNATURE_IN_QUERY,
            Subject.CASE,
            Subject.ORGANISATION,
            Subject.ORGANISATION_TO_STAFF);

    private static final String STATE_OF_PLACE = """
            select concat_ws(' ',
                (select count(*) from event e join petition_name p on p.id = e.petition where p.slug = ?),
                (select string_agg(state || id, ',' order by id) from invalidation_case where petition = ?),
                (select count(*) from membership m join organisation o on o.id = m.organisation where o.slug = ?),
                (select count(*) from api_token t join organisation o on o.id = t.organisation where o.slug = ?))""";

    @Autowired
    private AccessRules rules;

    /** A caller with a token, and the roles that the token has in its organisation. */
    private record Member(String name, Set<Role> roles, String[] header) {}

    private List<AccessRule> protectedRules() {
        return rules.all().stream().filter(rule -> !rule.isPublic()).toList();
    }

    @Test
    @SuppressWarnings("unchecked")
    void every_documented_call_declares_a_permission() throws IOException {
        Map<String, Object> document;
        try (InputStream yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
            document = new Yaml().load(yaml);
        }
        List<String> wrong = new ArrayList<>();
        ((Map<String, Map<String, Map<String, Object>>>) document.get("paths"))
                .forEach((path, methods) -> methods.forEach((method, operation) -> {
                    List<AccessRule> declared = rules.all().stream()
                            .filter(rule -> rule.method().equalsIgnoreCase(method)
                                    && rule.pattern()
                                            .getPatternString()
                                            .replace("{*", "{")
                                            .equals(path))
                            .toList();
                    boolean open = ((List<Object>) operation.get("security")).isEmpty();
                    if (declared.size() != 1 || declared.get(0).isPublic() != open) {
                        wrong.add(method + " " + path);
                    } else if (!open && declared.get(0).permission().subject() == Subject.NOBODY) {
                        wrong.add(method + " " + path + " has no permission for accounts");
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_call_answers_every_role_as_declared_and_hides_other_organisations() {
        Place own = place();
        Place foreign = place();
        Place none = new Place(
                "org-" + UUID.randomUUID(),
                "tree-" + UUID.randomUUID(),
                "0576e50d-5a4b-8c1e-9a57-0f2e1c9d3b7a",
                UUID.randomUUID().toString());
        List<Member> members = members(own);
        String before = state(foreign);
        List<String> wrong = new ArrayList<>();
        for (AccessRule rule : protectedRules()) {
            for (Member member : members) {
                for (String method : rule.method().equals("GET") ? List.of("GET", "HEAD") : List.of(rule.method())) {
                    HttpProbe.Response unknown = send(rule, method, none, member);
                    HttpProbe.Response hidden = send(rule, method, foreign, member);
                    String call = method + " " + rule.pattern() + " as " + member.name();
                    if (OBJECTS.contains(rule.permission().subject())) {
                        compare(call, hidden, foreign, unknown, none, wrong);
                    }
                    HttpProbe.Response answer = send(rule, method, own, member);
                    if (!isExpected(rule, answer, member)) {
                        wrong.add(call + " answers " + answer.status() + " " + shortened(answer.body()));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(state(foreign)).isEqualTo(before);
    }

    private List<Member> members(Place own) {
        List<Member> members = new ArrayList<>();
        for (Role role : Role.values()) {
            members.add(new Member(role.text(), Set.of(role), member(own.organisation(), List.of(role.text()), "")));
        }
        String all = person(own.organisation(), List.of("editor", "moderator", "operator"), "");
        members.add(new Member(
                "token with narrower scope",
                Set.of(Role.EDITOR),
                bearer(created(token(own.organisation(), all, List.of("editor"), Map.of()))
                        .json()
                        .get("token")
                        .asString())));
        return members;
    }

    private String state(Place place) {
        return database.sql(STATE_OF_PLACE)
                .params(place.petition(), place.petition(), place.organisation(), place.organisation())
                .query(String.class)
                .single();
    }

    private HttpProbe.Response send(AccessRule rule, String method, Place place, Member member) {
        String pattern = rule.pattern().getPatternString();
        String id = switch (rule.permission().subject()) {
            case SIGNATURE -> place.signature();
            case CASE -> place.invalidationCase();
            default ->
                pattern.contains("/cases/")
                        ? place.invalidationCase()
                        : pattern.contains("/signers/") ? place.signature() : "0576e50d-5a4b-8c1e-9a57-0f2e1c9d3b7b";
        };
        String path = pattern.replace("{petition}", place.petition())
                .replace("{slug}", place.petition())
                .replace("{organisation}", place.organisation())
                .replace("{id}", id);
        if (rule.permission().subject() == Subject.PETITION_IN_QUERY) {
            path += "?petition=" + place.petition();
        } else if (rule.permission().subject() == Subject.SIGNATURE_IN_QUERY) {
            path += "?id=" + place.signature();
        }
        if (method.equals("POST") && !path.startsWith("/api/")) {
            return form(path, Map.of("step", "preview"), member.header());
        }
        return method.equals("GET") || method.equals("HEAD")
                ? send(
                        java.net.http.HttpRequest.newBuilder(uri(path))
                                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody()),
                        member.header())
                : call(method, path, Map.of(), member.header());
    }

    private static void compare(
            String call,
            HttpProbe.Response hidden,
            Place foreign,
            HttpProbe.Response unknown,
            Place none,
            List<String> wrong) {
        if (hidden.status() != 404) {
            wrong.add(call + " answers " + hidden.status() + " about a foreign object " + shortened(hidden.body()));
        } else if (unknown.status() != 404
                || !neutral(hidden.body(), foreign).equals(neutral(unknown.body(), none))
                || !headers(hidden).equals(headers(unknown))) {
            wrong.add(call + " tells a foreign object from none: " + shortened(hidden.body()) + headers(hidden) + " "
                    + shortened(unknown.body()) + headers(unknown));
        }
    }

    private static String neutral(String body, Place place) {
        return body.replace(place.petition(), "PETITION")
                .replace(place.organisation(), "ORGANISATION")
                .replace(place.signature(), "SIGNATURE")
                .replace(place.invalidationCase(), "CASE")
                .replaceAll("value=\"[A-Za-z0-9_-]{60,}=*\"", "value=\"csrf\"");
    }

    private static Map<String, List<String>> headers(HttpProbe.Response response) {
        Map<String, List<String>> headers =
                new LinkedHashMap<>(response.headers().map());
        Set.of("date", "trace-id", "set-cookie", "content-length", "traceresponse")
                .forEach(headers::remove);
        return headers;
    }

    private static boolean isExpected(AccessRule rule, HttpProbe.Response answer, Member member) {
        Permission permission = rule.permission();
        boolean has = member.roles().stream().anyMatch(permission.roles()::contains);
        if (!has) {
            return answer.status() == 403
                    && (answer.body().isEmpty() || answer.body().contains(permission.rolesInWords()));
        }
        String path = rule.pattern().getPatternString();
        if (rule.method().equals("POST") && path.endsWith("/tokens")) {
            return answer.status() == 403 && answer.body().contains("A token cannot create tokens");
        }
        // The notifier does not run.
        if (path.contains("/webhooks") || path.contains("/deliveries")) {
            return answer.status() == 503;
        }
        return !Set.of(401, 403, 405, 429, 500, 503).contains(answer.status())
                // The place has no alert, and these ids are no member and no token.
                && (answer.status() != 404 || path.matches(".*/(alerts|people|tokens)/\\{id}.*"));
    }

    private static String shortened(String body) {
        return body.substring(0, Math.min(160, body.length())).replaceAll("\\s+", " ");
    }

    @Test
    void no_role_and_ended_memberships_see_nothing() {
        Place own = place();
        String person = person(own.organisation(), List.of("editor"), "");
        String[] header = bearer(created(token(own.organisation(), person, List.of("editor"), Map.of()))
                .json()
                .get("token")
                .asString());
        assertThat(get("/organise/petitions/" + own.petition(), header).status())
                .isEqualTo(200);
        database.sql("delete from membership where person = cast(? as uuid)")
                .param(person)
                .update();
        for (AccessRule rule : protectedRules()) {
            int expected = OBJECTS.contains(rule.permission().subject()) ? 404 : 403;
            HttpProbe.Response answer = send(rule, rule.method(), own, new Member("nobody", Set.of(), header));
            assertThat(answer.status()).as(rule.pattern().getPatternString()).isEqualTo(expected);
        }
    }

    @Test
    void the_rules_of_accounts_cover_each_role() {
        Set<Role> used = new TreeSet<>();
        protectedRules().forEach(rule -> used.addAll(rule.permission().roles()));
        assertThat(used).containsExactly(Role.values());
    }
}
