package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.countersign.localstack.client.ApiClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages for everybody, however they see, point and type. */
class AccessiblePagesIT {

    private static final int MOST_TABS = 20;

    private static Browser browser;
    /** In all their states, by what they are. */
    private static Map<String, String> pages;

    private final RunningStack stack = RunningStack.shared();

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
        pages = pages(RunningStack.shared());
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Map<String, String> pages(RunningStack stack) {
        String petition = stack.publish(Map.of(
                "slug",
                "for-everybody",
                "statement",
                "We ask for a **ramp**.\n\n## Why\n\n1. Stairs.\n2. [More](https://example.org)"));
        String closed = stack.publish(Map.of("slug", "for-everybody-once"));
        ApiClient.require(
                200,
                new ApiClient()
                        .post(
                                stack.ports().signatureService(),
                                "/api/petitions/" + closed + "/close",
                                Map.of(),
                                RunningStack.organiser()));
        stack.sign(petition, "everybody@example.org", Map.of("updates", true));
        MailboxReader.Mail mail = stack.mails().await("everybody@example.org", 1);
        stack.confirm(mail.token("confirm"));
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("all petitions", "/");
        pages.put("petitions that were found", "/?q=bench+or+ramp&topic=&sort=newest");
        pages.put("no petition found", "/?q=nothing-has-this-word");
        pages.put("a search that is too long", "/?q=" + "word+".repeat(13));
        pages.put("no such list", "/?sort=oldest");
        pages.put("a page after the last", "/?page=999999999");
        pages.put("a petition", "/petitions/" + petition);
        pages.put("a closed petition", "/petitions/" + closed);
        pages.put("after signing", "/petitions/" + petition + "/signed");
        pages.put("to be confirmed", "/confirm?token=" + mail.token("confirm"));
        pages.put("after confirming", "/petitions/" + petition + "/confirmed");
        pages.put("to be unsubscribed", "/unsubscribe?token=" + mail.token("withdraw"));
        pages.put("to be told no more", "/stop-alert?token=" + mail.token("withdraw"));
        pages.put("to be written to no more", "/never-write?token=" + mail.token("never-write"));
        pages.put("to be written to again", "/write-again?token=" + mail.token("never-write"));
        pages.put("what is stored", "/my-data?token=" + mail.token("my-data"));
        pages.put("checking a receipt", "/verify");
        pages.put("the accessibility statement", "/accessibility");
        pages.put("no such petition", "/petitions/no-such");
        pages.put("no such page", "/no/such/page");
        pages.put("a widget", "/embed/" + petition);
        pages.put("an auditor's overview", "/audit");
        pages.put("a timeline", "/audit/petitions/" + petition);
        pages.put("a life", "/audit/signatures/" + signature(stack, petition));
        return pages;
    }

    private static String signature(RunningStack stack, String petition) {
        List<String> found = new ArrayList<>();
        new ApiClient()
                .lines(
                        stack.ports().signatureService(),
                        "GET",
                        "/api/petitions/" + petition + "/history",
                        RunningStack.auditor(),
                        event -> found.add(event.path("signature").asString("")));
        return found.get(found.size() - 1);
    }

    @Test
    void nothing_is_found_wrong_on_any_page_by_day_and_by_night() {
        Page page = browser.windowOf(RunningStack.auditor().orElseThrow());
        pages.forEach((what, path) -> {
            page.navigate(stack.page(path));
            check(page, what);
        });
        withMistakes(page, "a form with mistakes");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        // By night other colours are used, and nothing else is different: these pages have all of them.
        for (String what :
                List.of("a closed petition", "to be confirmed", "what is stored", "a widget", "a timeline")) {
            page.navigate(stack.page(pages.get(what)));
            check(page, what + ", by night");
        }
        withMistakes(page, "a form with mistakes, by night");
    }

    @Test
    void nothing_is_found_wrong_on_the_search_for_signers_by_day_by_night_and_on_a_phone() {
        for (boolean small : new boolean[] {false, true}) {
            Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
            if (small) {
                page.setViewportSize(390, 844);
            }
            page.navigate(stack.page("/organise/petitions/for-everybody/signers"));
            page.locator("#state").selectOption("verified");
            page.locator("form.find button").click();
            assertThat(page.locator(".rows li")).hasCount(1);
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("nothing runs out of the page")
                    .isEqualTo(true);
            check(page, small ? "signers that were found, on a phone" : "signers that were found");
            page.locator(".rows button").first().click();
            assertThat(page.locator("#reason-error")).isVisible();
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            check(page, small ? "a reason is missing, on a phone" : "a reason is missing");
        }
    }

    @Test
    void nothing_is_found_wrong_on_the_page_that_changes_the_privacy_notice() {
        Page page = browser.windowOf(RunningStack.organiser().orElseThrow());
        page.navigate(stack.page("/organise/petitions/for-everybody/notice"));
        String purpose = page.locator("#noticePurpose").inputValue();
        page.locator("#noticePurpose").fill("");
        page.locator("main button").click();
        assertThat(page.locator("#noticePurpose-error")).isVisible();
        check(page, "a notice without a purpose");
        page.locator("#noticePurpose").fill(purpose + " And to thank everybody.");
        page.locator("main button").click();
        page.locator("details summary").first().click();
        assertThat(page.locator("details")).containsText(purpose);
        page.setViewportSize(390, 844);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing runs out of the page")
                .isEqualTo(true);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        check(page, "the versions of a notice, on a phone");
    }

    @Test
    void on_a_phone_pages_go_from_right_to_left_and_nothing_is_found_wrong() {
        Page phone = browser.phone();
        pages.forEach((what, path) -> {
            if (!path.startsWith("/audit")) {
                phone.navigate(stack.page(path + (path.contains("?") ? "&" : "?") + "lang=ar"));
                assertThat(phone.locator("html")).hasAttribute("dir", "rtl");
                Browser.picture(phone, named(what + ", from right to left"));
            }
        });
        // These two have all that pages consist of.
        for (String what : List.of("a petition", "what is stored")) {
            phone.navigate(stack.page(pages.get(what)));
            check(phone, what + ", from right to left");
        }
    }

    @Test
    void a_great_number_has_its_place_on_a_phone_and_on_a_large_screen() {
        for (Page page : List.of(browser.phone(), browser.window())) {
            page.route(
                    "**/counts/stream",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(503)
                            .setHeaders(Map.of("Access-Control-Allow-Origin", "*"))));
            page.route(
                    "**/counts",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setHeaders(Map.of("Access-Control-Allow-Origin", "*"))
                            .setBody("{\"verified\":1234567,\"goal\":2000000,\"nextMilestone\":1500000,"
                                    + "\"lastMilestone\":1000000,\"position\":9876543}")));
            page.navigate(stack.page(pages.get("a petition")));
            assertThat(page.locator("[data-live=verified]"))
                    .hasText("1,234,567", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("nothing runs out of the page")
                    .isEqualTo(true);
            Browser.picture(
                    page,
                    named("a great number, " + (page.viewportSize().width < 500 ? "on a phone" : "on a large screen")));
        }
    }

    private void withMistakes(Page page, String what) {
        page.navigate(stack.page("/petitions/for-everybody"));
        page.locator("form button").click();
        assertThat(page.locator("[aria-invalid=true]")).hasCount(3);
        check(page, what);
    }

    /** Has the page looked through, and keeps what it looks like. */
    private static void check(Page page, String what) {
        Browser.picture(page, named(what));
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .as(what)
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
                        + rule.getNodes().stream().map(node -> node.getHtml()).toList())
                .isEmpty();
    }

    private static String named(String what) {
        return what.replaceAll("[^a-z]+", "-");
    }

    @Test
    void somebody_signs_and_confirms_with_the_keyboard_alone() {
        String petition = stack.publish(Map.of("slug", "by-keyboard"));
        Page page = browser.window();
        page.navigate(stack.page("/petitions/" + petition));
        tabTo(page, "name");
        page.keyboard().type("Kay Keyboard");
        tabTo(page, "email");
        page.keyboard().type("kay@keyboard.example");
        tabTo(page, "country");
        page.keyboard().type("Armenia");
        tabTo(page, "");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("One more step: please look at your mail");
        page.navigate(stack.mails().await("kay@keyboard.example", 1).link("confirm"));
        tabTo(page, "");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("Thank you. Your signature counts!");
    }

    /** Goes on to the field with the id, or to the next button if it is empty. */
    private static void tabTo(Page page, String id) {
        for (int tabs = 0; tabs < MOST_TABS; tabs++) {
            page.keyboard().press("Tab");
            String at = (String) page.evaluate(
                    "document.activeElement.tagName === 'BUTTON' ? '' : (document.activeElement.id || 'none')");
            if (at.equals(id)) {
                return;
            }
        }
        throw new AssertionError("the keyboard does not come to "
                + Optional.of(id).filter(name -> !name.isEmpty()).orElse("a button"));
    }
}
