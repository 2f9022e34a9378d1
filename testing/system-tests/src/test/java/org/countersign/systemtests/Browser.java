package org.countersign.systemtests;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The Chromium of this machine, without a window. */
final class Browser implements AutoCloseable {

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");
    private static final Path PICTURES =
            Path.of(System.getProperty("countersign.home"), "testing/system-tests/target/pictures");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;

    private Browser(Path executable) {
        // Playwright is to use what is there and to fetch nothing.
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setHeadless(true)
                        .setArgs(ARGUMENTS));
    }

    /** Starts it; where there is none, the test is skipped and says so loudly. */
    static Browser start() {
        Optional<Path> executable = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (executable.isEmpty()) {
            System.err.println("""
                    ****************************************************************
                    *  THE BROWSER TESTS ARE SKIPPED: there is no Chromium here.   *
                    *  Install the package chromium, or run: ./countersign test    *
                    ****************************************************************""");
        }
        Assumptions.assumeTrue(executable.isPresent(), "SKIPPED for want of a browser: install chromium");
        return new Browser(executable.orElseThrow());
    }

    /** A window of a desktop computer, with nothing in it yet and no cookie of another. */
    Page window() {
        return window(1280, 900);
    }

    Page phone() {
        return window(390, 844);
    }

    private Page window(int width, int height) {
        return browser.newContext(
                        new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(width, height))
                .newPage();
    }

    /**
     * A window that knows somebody's credentials.
     *
     * @param credentials user and password with a colon between
     */
    Page windowOf(String credentials) {
        int colon = credentials.indexOf(':');
        return browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                        .setHttpCredentials(credentials.substring(0, colon), credentials.substring(colon + 1)))
                .newPage();
    }

    /** A window whose scripts don't run. */
    Page windowWithoutJavaScript() {
        return browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions().setJavaScriptEnabled(false))
                .newPage();
    }

    /** Keeps what the page looks like, for whoever wants to see it. */
    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
