package io.auspex.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.auspex.system.RunningServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A headless Chromium looking at a running server. What pages complain about is collected in {@link #complaints()}. */
public final class Portal implements AutoCloseable {
    public static final int NARROW = 360;
    public static final int WIDE = 1280;
    private static final int HEIGHT = 800;
    private static final List<String> FLAGS = List.of(
            "--no-sandbox", // tests run as root in containers
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    private final RunningServer server;
    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    public Portal(RunningServer server) {
        this.server = server;
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setArgs(FLAGS));
    }

    /** A window of a new visitor. */
    public Page visitor(int width, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(server.uri("").toString())
                .setViewportSize(width, HEIGHT)
                .setColorScheme(scheme));
        context.addInitScript("document.addEventListener('securitypolicyviolation', event => "
                + "console.error('policy violation: ' + event.violatedDirective + ' ' + event.blockedURI))");
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /** A window on another server, whose certificate is its own. */
    Page elsewhere(String base) {
        return browser.newContext(new Browser.NewContextOptions()
                        .setBaseURL(base)
                        .setIgnoreHTTPSErrors(true)
                        .setViewportSize(WIDE, HEIGHT))
                .newPage();
    }

    /** A window of a visitor who has signed in. */
    public Page signedIn(String name, String password) {
        return signedIn(name, password, WIDE, ColorScheme.LIGHT);
    }

    public Page signedIn(String name, String password, int width, ColorScheme scheme) {
        Page page = visitor(width, scheme);
        page.navigate("/login.xhtml");
        page.fill("#name", name);
        page.fill("#password", password);
        page.click("#submit");
        page.waitForURL(url -> !url.contains("/login"));
        return page;
    }

    public Page admin() {
        return signedIn("admin", RunningServer.ADMIN_PASSWORD);
    }

    /** Errors and warnings of the console, and violations of the content security policy. */
    public List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static Path chromium() {
        return Optional.ofNullable(System.getenv("AUSPEX_CHROMIUM"))
                .map(Path::of)
                .or(Portal::onPath)
                .orElseThrow(() ->
                        new IllegalStateException("no chromium on the PATH nor in AUSPEX_CHROMIUM; run ./dev tools"));
    }

    private static Optional<Path> onPath() {
        String tools = Optional.ofNullable(System.getenv("AUSPEX_TOOLS"))
                .orElse(System.getProperty("user.home") + "/.cache/auspex/tools");
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of(tools + "/bin"))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
