package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PageAssertions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.countersign.testkit.LockedLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People sign in a browser while the service refuses calls, because commits take too long. */
class OverloadIT {

    /** Each takes half a second of two cores. {@code -Dcountersign.people=300} has many. */
    private static final int PEOPLE = Integer.getInteger("countersign.people", 40);
    /** The people share browsers, because a browser opens six connections to one server. */
    private static final int PEOPLE_PER_BROWSER = 25;

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final String FILL_IN = """
            ([name, email]) => {
              document.getElementById('name').value = name;
              document.getElementById('email').value = email;
              document.getElementById('country').value = 'AM';
              document.getElementById('sign').requestSubmit();
            }""";

    private static Browser browser;

    private final RunningStack stack = RunningStack.shared();

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private static String email(int person) {
        return "person-" + person + "@overload.example";
    }

    /** A name has letters only. */
    private static String name(int person) {
        return "Person " + (char) ('A' + person / 26) + (char) ('a' + person % 26);
    }

    @Test
    void many_people_are_accepted_in_the_end_with_what_they_typed_first() throws SQLException {
        String petition = stack.publish(Map.of("slug", "overload"));
        List<Page> pages = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            Page page = person % PEOPLE_PER_BROWSER == 0
                    ? browser.window()
                    : pages.get(pages.size() - 1).context().newPage();
            page.navigate(stack.page("/petitions/" + petition));
            pages.add(page);
        }
        // Its commit hangs, so that the calls of the people wait behind it and are refused.
        String before = stack.publish(Map.of("slug", "overload-before"));
        Thread first = new Thread(() -> stack.sign(before, "first@overload.example", new HashMap<>()));
        try (LockedLog lock = new LockedLog(stack.connect("signature_service"))) {
            first.start();
            lock.awaitHangingCommit();
            for (int person = 0; person < PEOPLE; person++) {
                pages.get(person).evaluate(FILL_IN, List.of(name(person), email(person)));
            }
            pages.forEach(OverloadIT::showsThatItTriesAgain);
        }
        for (int person = 0; person < PEOPLE; person++) {
            assertThat(pages.get(person))
                    .hasURL(
                            Pattern.compile(".*/petitions/" + petition + "/signed"),
                            new PageAssertions.HasURLOptions().setTimeout(TIMEOUT.toMillis()));
        }
        await().atMost(TIMEOUT)
                .until(() -> stack.funnel(petition).path("pending").asLong() == PEOPLE);
        assertThat(callsOf(petition)).isEqualTo(PEOPLE);
        for (int person = 0; person < PEOPLE; person++) {
            List<MailboxReader.Mail> mails = stack.mails().awaitAll(email(person), 1);
            assertThat(mails).hasSize(1);
            Page page = pages.get(person);
            page.navigate(mails.get(0).link("confirm"));
            assertThat(page.getByLabel("Your name")).hasValue(name(person));
        }
    }

    private static void showsThatItTriesAgain(Page page) {
        assertThat(page.locator("#sign [role=status]"))
                .containsText(
                        "tries again by itself",
                        new LocatorAssertions.ContainsTextOptions().setTimeout(TIMEOUT.toMillis()));
    }

    @Test
    void a_form_that_had_a_mistake_tries_again_too() throws Exception {
        String petition = stack.publish(Map.of("slug", "overload-after-a-mistake"));
        Page page = browser.window();
        page.navigate(stack.page("/petitions/" + petition));
        page.evaluate(FILL_IN, List.of("", "mia@overload.example"));
        assertThat(page.locator("#sign .error").first()).isVisible();
        assertThat(page.getByLabel("Your e-mail address")).hasValue("mia@overload.example");
        Thread first = new Thread(() -> stack.sign(petition, "first@overload.example", new HashMap<>()));
        try (LockedLog lock = new LockedLog(stack.connect("signature_service"))) {
            first.start();
            lock.awaitHangingCommit();
            page.getByLabel("Your name").fill("Mia Mistake");
            page.locator("#sign button").click();
            showsThatItTriesAgain(page);
        }
        first.join();
        assertThat(page)
                .hasURL(
                        Pattern.compile(".*/petitions/" + petition + "/signed"),
                        new PageAssertions.HasURLOptions().setTimeout(TIMEOUT.toMillis()));
        assertThat(stack.mails().awaitAll("mia@overload.example", 1)).hasSize(1);
    }

    /** Returns the number of recorded sign calls, first and repeated. */
    private long callsOf(String petition) throws SQLException {
        String query = "select (select count(*) from event e join petition_name p on p.id = e.petition "
                + "where p.slug = '" + petition + "' and e.type in (10, 17)) + (select count(*) from repeated_signing)";
        try (Connection connection = stack.connect("signature_service");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void a_signer_without_scripts_keeps_what_was_typed_and_is_told_to_press_the_button_again() throws Exception {
        String petition = stack.publish(Map.of("slug", "overload-without-scripts"));
        Page page = browser.windowWithoutJavaScript();
        page.navigate(stack.page("/petitions/" + petition));
        // The first call waits for its commit. The next ones are refused.
        Thread first = new Thread(() -> stack.sign(petition, "first@overload.example", new HashMap<>()));
        try (LockedLog lock = new LockedLog(stack.connect("signature_service"))) {
            first.start();
            lock.awaitHangingCommit();
            page.getByLabel("Your name").fill("Nora Noscript");
            page.getByLabel("Your e-mail address").fill("nora@overload.example");
            page.getByLabel("Your country").selectOption("Armenia");
            Response answer =
                    page.waitForNavigation(() -> page.locator("#sign button").click());
            assertThat(answer.status()).isEqualTo(503);
            assertThat(page.locator("#sign .error")).containsText("press the button again");
            assertThat(page.getByLabel("Your name")).hasValue("Nora Noscript");
        }
        first.join();
        page.locator("#sign button").click();
        assertThat(page).hasURL(Pattern.compile(".*/signed"));
    }
}
