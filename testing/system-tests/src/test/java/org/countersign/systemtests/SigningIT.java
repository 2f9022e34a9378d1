package org.countersign.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.countersign.localstack.client.ApiClient;
import org.countersign.localstack.client.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The main thing, as people do it: in a browser, with a mail between. */
class SigningIT {

    private static final Path SAVED_PAGE = Path.of(
            System.getProperty("countersign.home"),
            "tools/cli/src/test/resources/org/countersign/cli/petition/night-ferry.txt");
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

    /** Publishes a saved page with the command and gives the address of the petition. */
    private String published(String slug) {
        RunningStack.Ended published = stack.run("publish", SAVED_PAGE.toString(), "--slug", slug);
        assertThat(published.output()).contains("Published: " + stack.page("/petitions/" + slug));
        assertThat(published.status()).isZero();
        return stack.page("/petitions/" + slug);
    }

    private static void fillIn(Page page, String name, String email) {
        page.getByLabel("Your name").fill(name);
        page.getByLabel("Your e-mail address").fill(email);
        page.getByLabel("Your country").selectOption("Armenia");
        button(page, "Sign").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator verified(Page page) {
        return page.locator("[data-live=verified]");
    }

    private static void shows(Page page, String number) {
        assertThat(verified(page)).hasText(number, new LocatorAssertions.HasTextOptions().setTimeout(60_000));
    }

    @Test
    void a_saved_page_that_was_published_reads_right() throws IOException {
        Page page = browser.window();
        page.navigate(published("ferry-to-read"));

        assertThat(page.locator("h1")).hasText("Keep the night ferry to Otter Island");
        assertThat(page.locator(".counter .big")).hasText("Confirmed signatures 0");
        assertThat(page.locator(".counter .goal")).hasText("Let’s get to 25,000!");
        assertThat(page.locator(".counter .next")).hasText("Next milestone: 10");
        assertThat(page.locator(".to"))
                .hasText("To: Minister for Islands, Harbour Board of Saltwick, Otter Island Council, "
                        + "Director of the Ferry Line, Coastal Ombudsman, Union of Pilots");
        assertThat(page.locator(".statement h2")).hasText(new String[] {
            "1. The last boat is not a luxury", "2. What does it cost?", "3. Who decides? The Harbour Board of Saltwick"
        });
        assertThat(page.locator(".statement li")).hasCount(5);
        assertThat(page.locator(".statement")).containsText("it carried 4,112 people [1]");
        assertThat(page.locator(".statement")).not().containsText("Confirmed signatures");
        Browser.picture(page, "petition");
    }

    @Test
    void a_page_polls_when_there_are_too_many_live_viewers() throws IOException {
        String address = published("ferry-for-many");
        Page watcher = browser.window();
        watcher.route(
                "**/counts/stream",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(503)
                        .setHeaders(Map.of("Access-Control-Allow-Origin", "*"))));
        watcher.navigate(address);
        shows(watcher, "0");
        stack.sign("ferry-for-many", "many@example.org", Map.of());
        stack.confirm(stack.mails().await("many@example.org", 1).token("confirm"));
        shows(watcher, "1");
        assertThat(watcher.locator("[data-live=note]")).isEmpty();
    }

    @Test
    void one_line_puts_a_petition_on_a_page_of_somebody_else_with_its_number_live() throws IOException {
        published("ferry-elsewhere");
        HttpServer newspaper = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        newspaper.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(("<p>News of the ferry</p><script src='" + stack.page("/embed.js")
                                + "' data-petition='ferry-elsewhere' async></script>")
                        .getBytes(StandardCharsets.UTF_8));
            }
        });
        newspaper.start();
        try {
            read("http://127.0.0.1:" + newspaper.getAddress().getPort() + "/ferry");
        } finally {
            newspaper.stop(0);
        }
    }

    private void read(String address) {
        Page elsewhere = browser.window();
        elsewhere.navigate(address);
        FrameLocator widget = elsewhere.frameLocator("iframe");
        assertThat(widget.locator("h1"))
                .hasText(
                        "Keep the night ferry to Otter Island",
                        new LocatorAssertions.HasTextOptions().setTimeout(60_000));
        assertThat(widget.locator("[data-live=verified]")).hasText("0");
        stack.sign("ferry-elsewhere", "reader@example.org", Map.of());
        stack.confirm(stack.mails().await("reader@example.org", 1).token("confirm"));
        assertThat(widget.locator("[data-live=verified]"))
                .hasText("1", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
        Browser.picture(elsewhere, "widget");
        Page opened = elsewhere.waitForPopup(
                () -> widget.getByText("Sign this petition").click());
        assertThat(opened.locator("h1")).hasText("Keep the night ferry to Otter Island");
        assertThat(button(opened, "Sign")).isVisible();
    }

    @Test
    void an_open_page_follows_confirmations_and_withdrawals() throws IOException {
        String address = published("ferry-to-sign");
        Page watcher = browser.window();
        watcher.navigate(address);
        shows(watcher, "0");
        watcher.evaluate("window.notReloaded = true");

        Page signer = browser.phone();
        signer.navigate(address);
        Browser.picture(signer, "petition-phone");
        fillIn(signer, "Fenna Ferryfriend", "Fenna.Ferryfriend@example.org");
        assertThat(signer.locator("h1")).hasText("One more step: please look at your mail");
        String pageAfterSigning = signer.url();
        MailboxReader.Mail confirmation = stack.mails().await("fenna.ferryfriend@example.org", 1);
        shows(watcher, "0");

        signer.navigate(confirmation.link("confirm"));
        shows(watcher, "0");
        button(signer, "Confirm my signature").click();
        assertThat(signer.locator("h1")).hasText("Thank you. Your signature counts!");
        shows(watcher, "1");
        shows(signer, "1");
        Browser.picture(signer, "confirmed-phone");
        Browser.picture(watcher, "petition-counted");

        Page again = browser.window();
        // What the counter does not say soon enough is left out: who reloads the page sees it.
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            again.navigate(address);
            return again.locator(".growth").count() > 0;
        });
        assertThat(again.locator(".growth")).containsText(java.util.regex.Pattern.compile("In the last hour\\s*1\\b"));
        assertThat(again.locator(".growth table")).containsText("Armenia");
        Browser.picture(again, "petition-growth");
        fillIn(again, "F. Ferryfriend", "fenna.ferryfriend+ferry@EXAMPLE.org");
        assertThat(again.locator("h1")).hasText("One more step: please look at your mail");
        assertThat(again.url()).isEqualTo(pageAfterSigning);
        // To the address that signed, not to the one just typed.
        MailboxReader.Mail already = stack.mails().await("fenna.ferryfriend@example.org", 3);
        assertThat(already.subject()).startsWith("You have signed already");
        shows(watcher, "1");

        signer.navigate(stack.mails().await("fenna.ferryfriend@example.org", 2).link("withdraw"));
        shows(watcher, "1");
        button(signer, "Withdraw my signature").click();
        assertThat(signer.locator("h1")).hasText("Your signature is withdrawn");
        shows(watcher, "0");
        assertThat(watcher.evaluate("window.notReloaded")).isEqualTo(true);
        assertThat(stack.funnel("ferry-to-sign").get("withdrawn").asLong()).isEqualTo(1);
    }

    @Test
    void a_form_with_mistakes_comes_back_with_what_to_mend_and_what_was_typed() throws IOException {
        Page page = browser.phone();
        page.navigate(published("ferry-with-mistakes"));
        page.getByLabel("Your name").fill("Visit www.spam.example");
        page.getByLabel("Your e-mail address").fill("not an address");
        button(page, "Sign").click();
        assertThat(page.locator("#name-error")).isVisible();
        assertThat(page.locator("#email-error")).isVisible();
        assertThat(page.locator("#country-error")).hasText("Please choose your country.");
        assertThat(page.getByLabel("Your name")).hasValue("Visit www.spam.example");
        Browser.picture(page, "mistakes-phone");
        fillIn(page, "Mende Mender", "mende@example.org");
        assertThat(page.locator("h1")).hasText("One more step: please look at your mail");
    }

    @Test
    void somebody_who_has_signed_sees_what_is_stored_about_them_and_erases_it() throws IOException {
        String address = published("ferry-to-be-forgotten");
        Page page = browser.phone();
        page.navigate(address);
        fillIn(page, "Vera Vanish", "vera@vanish.example");
        page.navigate(stack.mails().await("vera@vanish.example", 1).link("confirm"));
        button(page, "Confirm my signature").click();
        shows(page, "1");
        page.navigate(stack.mails().await("vera@vanish.example", 2).link("my-data"));
        assertThat(page.locator("main")).containsText("vera@vanish.example");
        Browser.picture(page, "my-data-phone");
        String receipt = receipt(stack.mails().await("vera@vanish.example", 2).token("my-data"));
        button(page, "Erase my data").click();
        assertThat(page.locator("h1")).hasText("Your data is erased");
        page.navigate(stack.mails().await("vera@vanish.example", 2).link("my-data"));
        assertThat(page.locator("main")).not().containsText("vanish");
        page.navigate(address);
        shows(page, "1");

        page.navigate(stack.page("/verify"));
        page.getByLabel("The receipt")
                .setInputFiles(
                        new FilePayload("receipt.json", "application/json", receipt.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("The receipt holds");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("SignatureVerified");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("The text that was signed");
        assertThat(page.locator("#result .fingerprint code")).hasText(Pattern.compile("[0-9a-f]{64}"));
        Browser.picture(page, "receipt-phone");
        page.getByLabel("The receipt")
                .setInputFiles(new FilePayload(
                        "receipt.json",
                        "application/json",
                        receipt.replace("SignatureVerified", "SignatureVerifies")
                                .getBytes(StandardCharsets.UTF_8)));
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("The receipt does not hold");
    }

    /** The receipt, once the confirmation is under a head. */
    private String receipt(String token) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> new ApiClient()
                                .get(
                                        stack.ports().signatureService(),
                                        "/api/signatures/receipt?token=" + token,
                                        Optional.empty())
                                .body(),
                        body -> body.contains("SignatureVerified"));
    }

    @Test
    void all_of_it_works_without_javascript() throws IOException {
        String address = published("ferry-without-script");
        Page page = browser.windowWithoutJavaScript();
        page.navigate(address);
        fillIn(page, "Noor Noscript", "noor@example.org");
        page.navigate(stack.mails().await("noor@example.org", 1).link("confirm"));
        button(page, "Confirm my signature").click();
        assertThat(page.locator("h1")).hasText("Thank you. Your signature counts!");
        await().untilAsserted(() -> {
            page.navigate(address);
            assertThat(verified(page).textContent()).isEqualTo("1");
        });
    }

    @Test
    void the_mailbox_shows_the_mail_and_its_link_can_be_clicked() throws IOException {
        String address = published("ferry-by-mailbox");
        Page page = browser.window();
        page.navigate(address);
        fillIn(page, "Marit Mailreader", "marit@example.org");
        stack.mails().await("marit@example.org", 1);

        page.navigate(Ports.url(stack.ports().mailbox()) + "/?to=marit@example.org");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Please confirm your signature"))
                .click();
        Browser.picture(page, "mail");
        page.frameLocator("iframe")
                .getByRole(AriaRole.LINK, new FrameLocator.GetByRoleOptions().setName("Confirm my signature"))
                .click();
        button(page, "Confirm my signature").click();
        assertThat(page.locator("h1")).hasText("Thank you. Your signature counts!");
    }

    @Test
    void no_page_breaks_its_own_content_policy_or_logs_an_error() throws IOException {
        Page page = browser.window();
        List<String> errors = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.navigate(published("ferry-policy"));
        shows(page, "0");
        page.navigate(stack.page("/"));
        Browser.picture(page, "petitions");
        assertThat(errors).isEmpty();
    }
}
