package io.auspex.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.auspex.system.Eventually;
import io.auspex.system.RunningServer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people do with the portal, in a real browser against the packaged server. */
final class PortalIT {
    /** Auspex measures itself every 15 seconds. */
    private static final double FIRST_DATA_MILLIS = 90_000;

    private static final String NEW_PASSWORD = "many small birds flew";

    private static Portal portal;

    @BeforeAll
    static void open() {
        portal = new Portal(RunningServer.shared());
    }

    @AfterAll
    static void close() {
        portal.close();
    }

    @Test
    void signIn_isRefused_inOneSentence_whenThePasswordIsWrong() {
        Page page = portal.visitor(Portal.WIDE, ColorScheme.LIGHT);
        page.navigate("/explore");
        page.fill("#name", "admin");
        page.fill("#password", "not the password");
        page.click("#submit");

        assertThat(page.locator("#problems")).containsText("name or password is wrong");
        assertThat(page.locator("#password")).hasValue("");
    }

    @Test
    void keyboardAlone_leadsFromSignInToAnAnsweredQuery() {
        awaitData(portal.admin());
        Page page = portal.visitor(Portal.WIDE, ColorScheme.LIGHT);
        page.navigate("/explore?q=");
        page.keyboard().type("admin");
        page.keyboard().press("Tab");
        page.keyboard().type(RunningServer.ADMIN_PASSWORD);
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*/explore.*"));
        tabTo(page, "Metrics");
        page.keyboard().press("Shift+Tab");
        page.keyboard().type("count(node_load1)");
        page.keyboard().press("Escape");
        page.keyboard().press("Enter");

        assertThat(page.locator("#cost")).containsText("step");
        tabTo(page, "Graph");
        page.keyboard().press("ArrowRight");

        assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Table")))
                .isFocused();
        assertThat(page.locator("#panel-table")).isVisible();
    }

    @Test
    void overview_showsTheOwnHost_andGrowsByPush() {
        Page page = portal.admin();
        awaitData(page);

        assertThat(page.locator("[data-panel=cpu] canvas")).isVisible();
        assertThat(page.locator("[data-panel=memory] .card-value")).containsText("%");
        assertThat(page.locator("#live-text")).hasText("Live");
        assertThat(page.locator("#cards[data-pushed]")).hasCount(1, within(FIRST_DATA_MILLIS));
    }

    @Test
    void explorer_appendsPoints_whenSamplesArrive() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/explore?q=node_load1&range=5m");

        assertThat(page.locator("#graph canvas")).isVisible();
        assertThat(page.locator("#graph[data-points]")).hasCount(1, within(FIRST_DATA_MILLIS));
    }

    @Test
    void docs_listTheOperationsOfTheApi() {
        Page page = portal.admin();
        page.navigate("/docs");

        assertThat(page.locator("[data-path='/api/v1/query_range']").first()).isVisible();
        assertThat(page.locator(".errors-wrapper")).hasCount(0);
    }

    @Test
    void explorer_saysWhereAQueryIsWrong_andKeepsTheRestOfThePage() {
        Page page = portal.admin();
        page.navigate("/explore?q=sum(rate(node_load1)");

        assertThat(page.locator("#query-problem")).containsText("The query was refused");
        assertThat(page.locator("#query-problem")).containsText("column");
    }

    @Test
    void explorer_explainsWhatAQueryRead_byKeyboardToo() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/explore?q=sum(rate(node_cpu_seconds_total%5B2m%5D))%20/%202&range=15m&view=table");
        assertThat(page.locator("#result-table table")).isVisible();

        page.focus("#tab-table");
        page.keyboard().press("ArrowRight");

        assertThat(page.locator("#tab-explain")).hasAttribute("aria-selected", "true");
        assertThat(page.locator(".plan [role=row] code"))
                .hasText(new String[] {"… / 2", "sum(…)", "rate(…)", "node_cpu_seconds_total[2m]"});
        assertThat(page.locator(".plan [data-kind=selector] .plan-from")).containsText("from memory");
        assertThat(page.locator(".stack-legend").first()).containsText("Evaluating");
        page.focus(".plan [aria-level='1']");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowLeft");
        assertThat(page.locator(".plan [aria-level='2']")).hasAttribute("aria-expanded", "false");
        assertThat(page.locator(".plan [aria-level='2']")).isFocused();
        assertThat(page.locator(".plan [aria-level='3']")).isHidden();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("End");
        assertThat(page.locator(".plan [aria-level='4']")).isFocused();

        page.navigate("/explore?q=1%2B1&view=explain");
        assertThat(page.locator("#explain-nothing")).isVisible();
        assertThat(page.locator("#no-advice")).isVisible();
    }

    @Test
    void advice_isCheckedByADryRun_andRemembered() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/explore?view=explain&q=count(%7B__name__%3D~%22.%2B%22%7D)");
        assertThat(page.locator("#advice > .advice > li").first()).containsText("Unbounded matcher.");
        assertThat(page.locator("#advice > .advice > li").first()).not().containsText("Checked:");

        page.locator("#advice > button").focus();
        page.keyboard().press("Enter");

        assertThat(page.locator("#advice > .advice > li").first()).containsText("Checked:");
        assertThat(page.locator("#advice > button")).hasCount(0);
        assertThat(page.locator("#advice-history li").first()).isHidden();
        page.click("#advice-history summary");
        assertThat(page.locator("#advice-history li").first()).containsText("count({__name__=~\".+\"})");
        assertThat(page.locator("#advice-history li").first()).containsText("Checked:");
    }

    @Test
    void editor_completesMetrics_andMarksMistakes() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/explore");
        page.locator("#editor .cm-content").click();
        page.keyboard().type("node_load1");
        assertThat(page.locator("#editor .cm-tooltip-autocomplete")).containsText("node_load15");

        page.navigate("/explore?q=rate(node_load1)");
        assertThat(page.locator("#query-problem")).containsText("expected type range vector");
        assertThat(page.locator("#editor .cm-lintRange-error").first()).hasText("node_load1");
    }

    @Test
    void storage_deletesSeries_andTakesItBack() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/storage");
        page.fill("#delete-selector", "no_such_metric");
        page.click("#delete-series");
        assertThat(page.locator("#delete-status")).hasText("No series matches.");
        page.fill("#delete-selector", "node_load15");
        page.press("#delete-selector", "Enter");
        page.click("dialog .is-danger");

        assertThat(page.locator("#delete-status")).containsText("are hidden");
        assertThat(page.locator("#deletion-list tr[data-state=hidden]").first()).containsText("node_load15");
        page.click("#deletion-list tr[data-state=hidden] button");
        assertThat(page.locator("#delete-status")).containsText("Taken back");
        assertThat(page.locator("#deletion-list tr[data-state=hidden]")).hasCount(0);
        page.navigate("/explore?q=count(count_over_time(node_load15%5B1h%5D))&view=table");
        assertThat(page.locator("#result-table tbody tr")).hasCount(1);
    }

    @Test
    void explorer_showsTheSamePicture_whenItsAddressIsOpenedAgain() {
        Page page = portal.admin();
        awaitData(page);
        page.navigate("/explore?q=node_filesystem_avail_bytes&range=6h&view=table");

        assertThat(page.locator("#result-table table")).isVisible();
        assertThat(page.locator("#range summary")).hasText("Last 6 h");
        String address = page.url();
        page.reload();
        assertThat(page.locator("#result-table table")).isVisible();
        assertThat(page.url()).isEqualTo(address);
    }

    @Test
    void apiKey_isShownOnce_andIsRefusedAfterItsRevocation() {
        Page page = portal.admin();
        page.navigate("/admin/api-keys");
        page.fill("#name", "browser test");
        page.check("text=Query: read metrics and findings");
        page.click("#create-key");
        String secret = page.locator("#secret").textContent();

        assertThat(status(secret)).isEqualTo(200);
        page.navigate("/admin/api-keys");
        assertThat(page.locator("#secret")).hasCount(0);

        page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName("browser test"))
                .getByRole(AriaRole.BUTTON)
                .click();
        page.getByRole(AriaRole.DIALOG).getByText("Yes, go on").click();
        assertThat(page.locator("#messages")).containsText("revoked");
        // a credential is believed for a second at the most
        Eventually.within(
                Duration.ofSeconds(2), () -> assertThat(status(secret)).isEqualTo(401));
    }

    @Test
    void ingestPage_tellsWhatWasRefused_andWhatToDo() {
        RunningServer.shared()
                .send(RunningServer.shared()
                        .withApiKey("/api/v1/import/prometheus")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("refused_in_portal 1 1000\n"))
                        .build());
        Page page = portal.admin();
        page.navigate("/ingest");

        assertThat(page.getByRole(
                        AriaRole.ROW,
                        new Page.GetByRoleOptions().setName(Pattern.compile("older than.*refused_in_portal"))))
                .containsText("send sooner");
        assertThat(page.locator("#content")).containsText("All series are taken");
    }

    @Test
    void newTenant_seesNothingOfOthers_andIsToldWhatToDoNext() {
        Page admin = portal.admin();
        awaitData(admin);
        admin.navigate("/admin/tenants");
        admin.fill("#name", "Wren Ltd");
        admin.fill("#slug", "wren");
        admin.click("#create-tenant");
        admin.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Wren Ltd"))
                .click();
        admin.fill("#reason", "setting up the first user");
        admin.keyboard().press("Enter");
        admin.getByText("Users of this tenant").click();
        admin.getByText("New user").click();
        admin.fill("#login", "jenny");
        admin.fill("#displayName", "Jenny Wren");
        admin.check("text=Tenant administrator");
        admin.click("#save");
        String oneTime = admin.locator("#one-time").textContent();

        Page jenny = portal.signedIn("jenny@wren", oneTime);
        assertThat(jenny.url()).contains("/password");
        jenny.fill("#current", oneTime);
        jenny.fill("#wanted", NEW_PASSWORD);
        jenny.fill("#repeated", NEW_PASSWORD);
        jenny.click("#submit");

        assertThat(jenny.locator("#first-steps")).isVisible();
        assertThat(jenny.locator(".tenant")).containsText("Wren Ltd");
        assertThat(jenny.locator("#command-write")).containsText("/api/v1/write");
        assertThat(jenny.locator("#sidebar")).not().containsText("Tenants");
        jenny.navigate("/explore?q=node_load1");
        assertThat(jenny.locator("#no-data")).isVisible();
        jenny.navigate("/admin/tenants");
        assertThat(jenny.locator("body")).not().containsText("Wren Ltd has");
        assertThat(jenny.locator("body")).not().containsText("default");
    }

    private static void awaitData(Page page) {
        page.navigate("/overview");
        assertThat(page.locator("#cards section:not([hidden])").first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(FIRST_DATA_MILLIS));
    }

    private static LocatorAssertions.HasCountOptions within(double millis) {
        return new LocatorAssertions.HasCountOptions().setTimeout(millis);
    }

    /** Moves the focus on until it stands on a button with this text. */
    private static void tabTo(Page page, String text) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if (page.evaluate("document.activeElement?.textContent?.trim()").equals(text)) {
                return;
            }
        }
        throw new AssertionError("no way by Tab to \"" + text + "\" on " + page.url());
    }

    private static int status(String key) {
        RunningServer server = RunningServer.shared();
        return server.send(server.request("/api/v1/query?query=1")
                        .header("Authorization", "Bearer " + key)
                        .build())
                .statusCode();
    }
}
