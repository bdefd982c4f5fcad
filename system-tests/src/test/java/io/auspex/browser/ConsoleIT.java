package io.auspex.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.auspex.system.Eventually;
import io.auspex.system.RunningServer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What an operator finds in the administration console of Payara Server; {@code ./dev test server} runs it. */
@EnabledIfEnvironmentVariable(named = "AUSPEX_ATTACH_CONSOLE", matches = "https:.*")
final class ConsoleIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final double SLOW = 120_000; // the first page starts the console

    private static Portal portal;
    private static Page console;

    @BeforeAll
    static void signIn() {
        portal = new Portal(SERVER);
        console = portal.elsewhere(System.getenv("AUSPEX_ATTACH_CONSOLE"));
        console.setDefaultTimeout(SLOW);
        console.navigate("/");
        console.fill("input[name=j_username]", "admin");
        console.fill("input[name=j_password]", System.getenv("AUSPEX_ATTACH_CONSOLE_PASSWORD"));
        console.click("input[type=submit]");
        assertThat(console.getByText("Domain: auspex")).isVisible(soon());
    }

    @AfterAll
    static void close() {
        portal.close();
    }

    @Test
    void thePools_areListed() {
        console.navigate("/jdbc/jdbcConnectionPools.jsf");

        for (String pool : new String[] {"auspex", "auspexDirect", "auspexOwner", "auspexBatch"}) {
            assertThat(console.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName(pool).setExact(true)))
                    .isVisible(soon());
        }
        console.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console-pools.png"))
                .setFullPage(true));
    }

    @Test
    void aPool_answersAPing() {
        console.navigate("/jdbc/jdbcConnectionPools.jsf");
        console.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("auspexDirect"))
                .click();
        console.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Ping"))
                .click();

        assertThat(console.getByText("Ping Succeeded")).isVisible(soon());
    }

    @Test
    void aJob_isListedWithItsOutcome() {
        HttpRequest start = SERVER.withApiKey("/api/v1/ml/training-runs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(SERVER.send(start).statusCode()).isEqualTo(202);

        Eventually.within(Duration.ofMinutes(2), () -> {
            console.navigate("/common/appServer/serverInstGeneralPe.jsf?instanceName=server");
            console.click("a[href='#']:text-is('Batch')"); // the tab, not the settings in the tree
            console.click("a[href='#']:text-is('Executions')");
            assertThat(console.getByText("model-training").first()).isVisible(soon());
            assertThat(console.getByText("COMPLETED").first()).isVisible(soon());
        });
    }

    private static LocatorAssertions.IsVisibleOptions soon() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW);
    }
}
