package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.countersign.localstack.client.ApiClient;
import org.countersign.testkit.WebhookReceiver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An organiser's pages, as they use them. */
class OrganiserPagesIT {

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

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void accessible(Page page) {
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
                        + rule.getNodes().stream().map(node -> node.getHtml()).toList())
                .isEmpty();
    }

    @Test
    void a_petition_is_written_previewed_published_watched_and_closed() {
        Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
        page.navigate(stack.page("/organise"));
        page.getByText("Create a petition").click();
        page.locator("#title").fill("A lamp at the landing stage");
        page.locator("#goal").fill("many");
        button(page, "Preview").click();
        assertThat(page.locator("#goal-error")).containsText("must be a number");
        assertThat(page.locator("#statement-error")).isVisible();
        assertThat(page.locator("#organiserEmail-error")).isVisible();
        assertThat(page.locator("#title")).hasValue("A lamp at the landing stage");
        accessible(page);
        Browser.picture(page, "organise-mistakes");

        page.locator("#statement").fill("It is **dark** there.\n\nPlease light it.");
        page.locator("#recipients").fill("The Harbour Master\nThe Lamp Office");
        page.locator("#goal").fill("20");
        page.locator("#milestones").fill("1, 5");
        page.locator("#organiserName").fill("Lena Lamp");
        page.locator("#organiserEmail").fill("lena@lamp.example");
        button(page, "Preview").click();
        assertThat(page.locator(".preview strong").last()).hasText("dark");
        accessible(page);
        Browser.picture(page, "organise-preview");
        button(page, "Go on writing").click();
        page.locator("#slug").fill("a-lamp");
        button(page, "Preview").click();
        button(page, "Publish").click();
        assertThat(page.locator("h1")).hasText("A lamp at the landing stage");
        assertThat(page.url()).endsWith("/organise/petitions/a-lamp");

        hasARecipientTold(page);
        watches(page);

        button(page, "Close it").click();
        assertThat(button(page, "Open it again")).isVisible();
        Page reader = browser.window();
        reader.navigate(stack.page("/petitions/a-lamp"));
        assertThat(reader.locator("#sign")).hasCount(0);
        button(page, "Open it again").click();
        reader.reload();
        assertThat(reader.locator("#sign")).isVisible();
        assertThat(reader.locator(".to")).hasText("To: The Harbour Master, The Lamp Office");
    }

    /** A recipient is to be told: mistakes are told by field, and what is added can be stopped. */
    private void hasARecipientTold(Page page) {
        page.locator("#alertName").fill("Hanna Harbour");
        page.locator("#alertEmail").fill("nobody");
        page.locator("#alertMilestones").fill("7");
        button(page, "Tell them").click();
        assertThat(page.locator("#alertEmail-error")).containsText("must be an e-mail address");
        assertThat(page.locator("#alertMilestones-error"))
                .containsText("must be milestones of this petition, such as 1, 5, 20");
        assertThat(page.locator("#alertName")).hasValue("Hanna Harbour");
        accessible(page);
        page.locator("#alertEmail").fill("hanna@harbour.example");
        page.locator("#alertMilestones").fill("1");
        button(page, "Tell them").click();
        assertThat(page.locator("#alerts li")).containsText("hanna@harbour.example");
        assertThat(page.locator("#alerts li")).containsText("at 1");
        page.locator("#alertName").fill("Second Officer");
        page.locator("#alertEmail").fill("second.officer@harbour.example");
        button(page, "Tell them").click();
        assertThat(page.locator("#alerts li")).hasCount(2);
        page.locator("#alerts li")
                .filter(new Locator.FilterOptions().setHasText("Second Officer"))
                .getByRole(AriaRole.BUTTON)
                .click();
        assertThat(page.locator("#alerts li")).hasCount(1);
    }

    /** Somebody signs; the number climbs and a chat hears of it. */
    private void watches(Page page) {
        page.locator("#url").fill("ftp://nowhere");
        button(page, "Add it").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("url must be an address");
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            page.locator("#url").fill(receiver.url());
            button(page, "Add it").click();
            assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("Its secret")))
                    .containsText("whsec_");
            button(page, "Send a test").click();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> receiver.calls().size() == 1);
            assertThat(receiver.calls().get(0).json().get("type").asString()).isEqualTo("webhook.test");

            stack.sign("a-lamp", "first@lamp.example", Map.of("updates", true));
            stack.sign("a-lamp", "second@lamp.example", Map.of());
            stack.confirm(stack.mails().await("first@lamp.example", 1).token("confirm"));
            assertThat(page.locator("[data-live=verified]"))
                    .hasText("1", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> receiver.calls().size() == 2);
            stack.mails().await("lena@lamp.example", 1);
            stack.mails().await("hanna@harbour.example", 1);
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            page.reload();
            return page.getByText("50 %").count() == 1
                    && page.locator("caption", new Page.LocatorOptions().setHasText("Mailings"))
                                    .count()
                            == 1;
        });
        assertThat(page.locator("#deliveries ~ table")).containsText("l…@l….example");
        assertThat(page.locator("main")).not().containsText("lena@lamp.example");
        accessible(page);
        Browser.picture(page, "organise-petition");

        // The receiver is gone: the failure shows, and can be tried again.
        button(page, "Send a test").click();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            page.reload();
            return button(page, "Try again").count() > 0;
        });
        accessible(page);
        button(page, "Try again").first().click();
        assertThat(page.locator("h1")).hasText("A lamp at the landing stage");
        button(page, "Remove").click();
        assertThat(button(page, "Remove")).hasCount(0);
    }

    @Test
    void a_signer_is_found_by_address_then_invalidated_reinstated_and_erased() {
        String petition = stack.publish(Map.of("slug", "somebody-writes"));
        String other = stack.publish(Map.of("slug", "somebody-writes-again"));
        for (String signed : List.of(petition, other)) {
            stack.sign(signed, "wendy@writer.example", Map.of());
        }
        stack.mails().await("wendy@writer.example", 2);
        stack.sign(petition, "stays@writer.example", Map.of());
        stack.confirm(stack.mails().await("stays@writer.example", 1).token("confirm"));

        Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
        page.navigate(stack.page("/organise/petitions/" + petition));
        page.getByText("Find a signer").click();
        assertThat(page.locator("h1")).hasText("Find a signer");
        accessible(page);
        button(page, "Search").click();
        assertThat(page.locator("#email-error")).containsText("give at least one of");
        page.locator("#email").fill("Wendy+letter@Writer.example");
        button(page, "Search").click();
        assertThat(page.locator(".rows li")).hasCount(1);
        assertThat(page.locator(".rows")).containsText("It does not count.");
        assertThat(page.locator(".rows")).containsText("pending");
        assertThat(page.url()).endsWith("/signers");
        accessible(page);
        Browser.picture(page, "organise-signers");

        page.locator("#email").fill("stays@writer.example");
        page.locator("#state").selectOption("verified");
        button(page, "Search").click();
        assertThat(page.locator(".rows")).containsText("It counts.");
        button(page, "Invalidate").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The reason is missing");
        accessible(page);
        page.getByLabel("Reason").fill("signed by a script");
        button(page, "Invalidate").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("is invalidated");
        page.getByLabel("Reason").fill("a mistake");
        button(page, "Reinstate").click();
        assertThat(page.locator(".rows")).containsText("It counts.");

        page.locator("#id").fill("");
        page.locator("#email").fill("wendy@writer.example");
        button(page, "Search").click();
        page.getByLabel("Reason").fill("asked by letter");
        button(page, "Erase this person").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("erased in all petitions");
        assertThat(page.locator(".rows")).containsText("withdrawn, erased");
        accessible(page);
        page.navigate(stack.page("/organise/petitions/" + other + "/signers"));
        page.locator("#state").selectOption("erased");
        button(page, "Search").click();
        assertThat(page.locator(".rows")).containsText("withdrawn, erased");
    }

    @Test
    void nobody_else_gets_in() {
        int port = stack.ports().signatureService();
        for (String page : List.of(
                "/organise",
                "/organise/new",
                "/organise/petitions/a-bench-by-the-mill-pond",
                "/organise/petitions/a-bench-by-the-mill-pond/signers")) {
            assertThat(new ApiClient().get(port, page, Optional.empty()).status())
                    .as(page)
                    .isEqualTo(401);
            assertThat(new ApiClient().get(port, page, RunningStack.auditor()).status())
                    .as(page)
                    .isEqualTo(403);
        }
        // Without the token of a page of ours even an organiser's browser can't be made to do something.
        assertThat(new ApiClient()
                        .post(
                                port,
                                "/organise/petitions/a-bench-by-the-mill-pond/close",
                                Map.of(),
                                RunningStack.organiser())
                        .status())
                .isEqualTo(403);
    }
}
