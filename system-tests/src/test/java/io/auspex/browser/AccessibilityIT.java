package io.auspex.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import io.auspex.system.RunningServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page, narrow and wide, light and dark: usable by everybody, inside the window, and without complaint. */
final class AccessibilityIT {
    private static final List<String> WCAG_22_AA =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final List<String> PAGES = List.of(
            "/overview",
            "/explore",
            "/explore?q=node_load1&range=15m",
            "/explore?q=node_filesystem_avail_bytes&view=table",
            "/explore?q=avg(rate(node_cpu_seconds_total%5B2m%5D))&view=explain",
            "/explore?q=sum(",
            "/insights",
            "/reports",
            "/jobs",
            "/ingest",
            "/targets",
            "/storage",
            "/admin/tenants",
            "/admin/tenant?id=1",
            "/admin/users",
            "/admin/user",
            "/admin/user?id=1",
            "/admin/api-keys",
            "/password");

    private static Portal portal;

    @BeforeAll
    static void open() {
        portal = new Portal(RunningServer.shared());
    }

    @AfterAll
    static void close() {
        portal.close();
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "360, LIGHT", "360, DARK"})
    void pages_passAxe_fitTheWindow_andKeepThePolicy(int width, ColorScheme scheme) {
        Page page = portal.visitor(width, scheme);
        page.navigate("/login.xhtml");
        check(page, "/login.xhtml");
        page.context().close();
        page = portal.signedIn("admin", RunningServer.ADMIN_PASSWORD, width, scheme);
        for (String path : PAGES) {
            page.navigate(path);
            page.waitForLoadState(LoadState.LOAD);
            page.waitForFunction(
                    "() => !document.querySelector('[aria-busy]') && (document.querySelector('#loading')?.hidden ?? true)");
            check(page, path);
        }
        page.context().close();
        assertThat(portal.complaints())
                .filteredOn(complaint -> !complaint.contains("q=sum(")) // a refused query is a failed request
                .isEmpty();
    }

    private static void check(Page page, String path) {
        assertThat(new AxeBuilder(page).withTags(WCAG_22_AA).analyze().getViolations())
                .as("%s at %s", path, page.viewportSize().width)
                .extracting(AccessibilityIT::told)
                .isEmpty();
        assertThat((int) page.evaluate("document.documentElement.scrollWidth - innerWidth"))
                .as("%s overflows at %s", path, page.viewportSize().width)
                .isLessThanOrEqualTo(0);
    }

    private static String told(Rule violation) {
        return violation.getId() + ": " + violation.getHelp() + " "
                + violation.getNodes().stream().map(node -> node.getHtml()).toList();
    }
}
