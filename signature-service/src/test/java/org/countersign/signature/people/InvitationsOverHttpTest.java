package org.countersign.signature.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.countersign.signature.RunningService;
import org.countersign.signature.personaldata.EmailAddress;
import org.countersign.support.access.Role;
import org.countersign.testkit.RawHttp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class InvitationsOverHttpTest extends RunningService {

    private static final String PASSWORD = "twelve plain words";

    @Autowired
    private PersonDirectory people;

    @Autowired
    private PersonCredentials credentials;

    @Autowired
    private PersonSessions sessions;

    @Autowired
    private PersonMemberships memberships;

    private String slug;
    private UUID organisation;
    private PersonBrowser operator;
    private UUID operatorId;

    @BeforeEach
    void organisationWithAnOperator() {
        organisation = UUID.randomUUID();
        slug = "neighbours-" + organisation;
        database.sql("insert into organisation (id, slug, name, created_at) values (?, ?, ?, now())")
                .params(organisation, slug, "Neighbours of Mill Street")
                .update();
        operatorId = person("olga-" + UUID.randomUUID() + "@example.org", false);
        memberships.add(organisation, operatorId, List.of(Role.OPERATOR), "");
        operator = signedIn(operatorId);
    }

    private UUID person(String email, boolean ofInstallation) {
        UUID id = people.create("Olga Operator", EmailAddress.parse(email), ofInstallation);
        credentials.create(id, PASSWORD, new byte[20], 0);
        return id;
    }

    private PersonBrowser signedIn(UUID person) {
        PersonBrowser browser = new PersonBrowser(port);
        browser.cookies.put("session", sessions.start(person, "Firefox, Linux"));
        return browser;
    }

    private String page() {
        return "/people/" + slug;
    }

    private void invite(String email, String... roles) {
        operator.open(page());
        String[] fields = new String[6 + roles.length * 2];
        System.arraycopy(new String[] {"name", "Ani Editor", "email", email, "language", "de"}, 0, fields, 0, 6);
        for (int i = 0; i < roles.length; i++) {
            fields[6 + 2 * i] = "roles";
            fields[7 + 2 * i] = roles[i];
        }
        operator.submit(page() + "/invite", fields);
    }

    private UUID newestInvitation() {
        return database.sql("select id from person_invitation where organisation = ? order by created_at desc limit 1")
                .param(organisation)
                .query(UUID.class)
                .single();
    }

    private String link(UUID invitation) {
        JsonNode mail = mailData("{\"petition\":\"\",\"round\":0,\"invitation\":\"" + invitation + "\"}")
                .data();
        assertThat(mail.get("organisation").asString()).isEqualTo("Neighbours of Mill Street");
        assertThat(mail.get("language").asString()).isEqualTo("de");
        return mail.get("links").get("petition").asString().replaceFirst("^http://[^/]+", "");
    }

    private List<String> roles(UUID person) {
        return database.sql("select role from membership where organisation = ? and person = ? order by role")
                .params(organisation, person)
                .query(String.class)
                .list();
    }

    private static String email() {
        return "ani-" + UUID.randomUUID() + "@example.org";
    }

    @Test
    void an_invited_person_sets_up_an_account_and_has_the_roles() {
        String email = email();
        invite(email, "editor", "moderator");
        assertThat(operator.location()).isEqualTo(page());
        assertThat(operator.open(page()).page().select("#invited + ul").text()).contains("Ani Editor", email);
        String link = link(newestInvitation());
        assertThat(new RawHttp(port, "127.0.0.1").send("HEAD", link, List.of())).isEqualTo(200);
        PersonBrowser invited = new PersonBrowser(port).open(link);
        assertThat(invited.page().text()).contains("Neighbours of Mill Street");
        byte[] secret = SignInOverHttpTest.base32(
                invited.page().select("code.secret").text().replace(" ", ""));
        String code = TotpCodes.at(secret, Instant.now());
        invited.submit("/invitation", "name", "Ani Editor", "password", PASSWORD, "code", code);
        assertThat(invited.page().select("ul.secret li")).hasSize(10);
        assertThat(invited.open("/account").page().text()).contains(email);
        UUID person = people.find(EmailAddress.parse(email)).orElseThrow().id();
        assertThat(roles(person)).containsExactly("editor", "moderator");
        assertThat(new PersonBrowser(port).open(link).last.status())
                .as("good once")
                .isEqualTo(410);
        assertThat(invited.open(page()).last.status()).as("no operator").isEqualTo(404);
    }

    @Test
    void a_person_who_was_added_without_an_account_gets_one_by_an_invitation() {
        String email = email();
        UUID added = people.create("Somebody", EmailAddress.parse(email), false);
        memberships.add(organisation, added, List.of(Role.AUDITOR), "");
        invite(email, "editor");
        PersonBrowser invited = new PersonBrowser(port).open(link(newestInvitation()));
        byte[] secret = SignInOverHttpTest.base32(
                invited.page().select("code.secret").text().replace(" ", ""));
        String code = TotpCodes.at(secret, Instant.now());
        invited.submit("/invitation", "name", "Ani Editor", "password", PASSWORD, "code", code);
        assertThat(invited.open("/account").page().text()).contains("Ani Editor", email);
        assertThat(roles(added)).containsExactly("auditor", "editor");
    }

    @Test
    void a_person_with_an_account_accepts_after_signing_in() {
        String email = email();
        UUID person = person(email, false);
        invite(email, "publisher");
        String link = link(newestInvitation());
        PersonBrowser stranger = new PersonBrowser(port).open(link);
        assertThat(stranger.page().select("a[href^=/sign-in?next]").attr("href"))
                .startsWith("/sign-in?next=%2Finvitation%3Ftoken%3D");
        assertThat(operator.open(link).page().select("form"))
                .as("another person")
                .isEmpty();
        PersonBrowser invited = signedIn(person).open(link);
        invited.submit("/invitation");
        assertThat(invited.location()).isEqualTo("/account");
        assertThat(roles(person)).containsExactly("publisher");
        assertThat(invited.open(link).last.status()).isEqualTo(410);
    }

    @Test
    void a_withdrawn_and_an_expired_invitation_end_at_once() {
        invite(email(), "editor");
        UUID withdrawn = newestInvitation();
        String link = link(withdrawn);
        operator.open(page()).submit(page() + "/withdraw");
        assertThat(new PersonBrowser(port).open(link).last.status()).isEqualTo(410);
        assertThat(mailData("{\"petition\":\"\",\"round\":0,\"invitation\":\"" + withdrawn + "\"}")
                        .data()
                        .isNull())
                .isTrue();
        invite(email(), "editor");
        String expired = link(newestInvitation());
        database.sql("update person_invitation set expires_at = now() - interval '1 second' where organisation = ?")
                .param(organisation)
                .update();
        assertThat(new PersonBrowser(port).open(expired).last.status()).isEqualTo(410);
    }

    @Test
    void a_wrong_invitation_is_shown_at_its_fields() {
        invite("nobody");
        assertThat(operator.last.status()).isEqualTo(422);
        assertThat(operator.page().select("#email-error, #roles-error")).hasSize(2);
        operator.open(page())
                .submit(
                        page() + "/invite",
                        "name",
                        "A\r\nBcc: b@example.org",
                        "email",
                        email(),
                        "roles",
                        "owner",
                        "petition",
                        "no-such-petition");
        assertThat(operator.page().select("#name-error, #roles-error, #petition-error"))
                .hasSize(3);
    }

    @Test
    void the_notifier_takes_each_invitation_until_it_has_planned_the_mail() {
        invite(email(), "editor");
        String id = newestInvitation().toString();
        assertThat(mails("[]")).contains(id);
        assertThat(mails("[]")).contains(id);
        assertThat(mails("[\"" + id + "\"]")).doesNotContain(id);
    }

    private String mails(String planned) {
        return management()
                .sendJson(
                        "POST",
                        "/internal/invitation-mails",
                        "{\"planned\":" + planned + "}",
                        "Authorization",
                        "Bearer " + INTERNAL)
                .body();
    }

    @Test
    void an_operator_changes_roles_and_ends_a_membership() {
        UUID member = person(email(), false);
        memberships.add(organisation, member, List.of(Role.EDITOR), "");
        String csrf = csrf(operator);
        post(operator, "roles", csrf, member, "exporter");
        assertThat(roles(member)).containsExactly("exporter");
        post(operator, "roles", csrf, operatorId, "editor");
        assertThat(operator.last.status()).as("not the own rights").isEqualTo(409);
        post(operator, "disable", csrf, member, "");
        assertThat(operator.last.status()).as("only for the whole installation").isEqualTo(409);
        post(operator, "remove", csrf, member, "");
        assertThat(roles(member)).isEmpty();
        assertThat(database.sql("select action from access_log where user_name = ? order by id")
                        .param("person " + operatorId)
                        .query(String.class)
                        .list())
                .containsExactly("change roles", "end membership");
    }

    private String csrf(PersonBrowser browser) {
        return browser.open("/account")
                .page()
                .select("input[name=_csrf]")
                .first()
                .val();
    }

    private void post(PersonBrowser browser, String action, String csrf, UUID member, String role) {
        browser.post(
                page() + "/" + action,
                Map.of("_csrf", List.of(csrf), "member", List.of(member.toString()), "roles", List.of(role)));
    }

    @Test
    void an_operator_of_the_installation_disables_a_person() {
        UUID member = person(email(), false);
        memberships.add(organisation, member, List.of(Role.EDITOR), "");
        PersonBrowser theirs = signedIn(member);
        PersonBrowser root = signedIn(person(email(), true));
        post(root, "disable", csrf(root), member, "");
        assertThat(root.location()).isEqualTo(page());
        assertThat(theirs.open("/account").location()).startsWith("/sign-in");
        assertThat(roles(member)).isEmpty();
    }

    @Test
    void the_people_of_another_organisation_do_not_exist() {
        UUID other = person(email(), false);
        PersonBrowser browser = signedIn(other);
        String csrf = csrf(browser);
        assertThat(browser.open(page()).last.status()).isEqualTo(404);
        assertThat(browser.open("/people/no-such").last.status()).isEqualTo(404);
        for (String action : List.of("invite", "withdraw", "roles", "remove", "disable")) {
            browser.post(
                    page() + "/" + action,
                    Map.of(
                            "_csrf",
                            List.of(csrf),
                            "member",
                            List.of(other.toString()),
                            "id",
                            List.of(other.toString())));
            assertThat(browser.last.status()).as(action).isEqualTo(404);
        }
        assertThat(new PersonBrowser(port).open(page()).location()).startsWith("/sign-in?next=%2Fpeople%2F");
    }

    @Test
    void a_name_and_an_address_are_sealed() {
        String email = email();
        invite(email, "editor");
        byte[] sealed = database.sql("select sealed from person_invitation where organisation = ?")
                .param(organisation)
                .query(byte[].class)
                .single();
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("Ani", email);
    }

    @Test
    void a_publisher_works_on_the_pages_of_petitions_of_the_own_organisation_only() {
        UUID publisher = person(email(), false);
        memberships.add(organisation, publisher, List.of(Role.PUBLISHER), "");
        PersonBrowser browser = signedIn(publisher);
        String foreign = publishedPetition();
        assertThat(browser.open("/organise").last.status()).isEqualTo(200);
        assertThat(browser.last.body()).doesNotContain(foreign);
        browser.open("/organise/new")
                .submit(
                        "/organise/new",
                        "title",
                        "A bench for " + slug,
                        "statement",
                        "Please.",
                        "recipients",
                        "The Council",
                        "goal",
                        "100",
                        "organiserName",
                        "Olga",
                        "organiserEmail",
                        "olga@example.org",
                        "step",
                        "publish");
        String own = browser.location();
        assertThat(own).as(browser.last.body()).startsWith("/organise/petitions/");
        assertThat(browser.open(own).last.status()).isEqualTo(200);
        assertThat(browser.page().text())
                .contains("Webhooks and deliveries are for the built-in user")
                .doesNotContain("The notifier does not answer");
        assertThat(browser.open("/organise").last.body()).contains(own);
        browser.open(own).submit(own + "/close");
        assertThat(browser.location()).isEqualTo(own);
        assertThat(get(own.replace("/organise", "/api")).json().get("state").asString())
                .isEqualTo("closed");

        assertThat(browser.open(own + "/signers").last.status())
                .as("no moderator")
                .isEqualTo(403);
        assertThat(browser.open("/organise/petitions/" + foreign).last.status()).isEqualTo(404);
        assertThat(browser.open("/organise/petitions/" + foreign + "/notice")
                        .last
                        .status())
                .isEqualTo(404);
        assertThat(browser.open("/audit").last.status()).isEqualTo(403);
        memberships.remove(organisation, publisher);
        assertThat(browser.open(own).last.status()).as("no member any more").isEqualTo(404);
    }
}
