package io.auspex.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.auspex.browser.Portal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A few days of samples through the life of stored data, in this order: flush, roll-up, a shorter retention, its end. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StorageTiersIT {
    private static final String RETENTION = "/api/v1/performance/retention";
    private static final String STORAGE = "/api/v1/performance/storage";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long HOUR = 3_600;

    /** An hour's bound three days ago, in Unix seconds. */
    private static final long PAST = (System.currentTimeMillis() / 1000 - 3 * 24 * HOUR) / HOUR * HOUR;

    private static RunningServer server;
    private static TwoTenants tenants;

    @BeforeAll
    static void startWithSamplesOfSomeDays() {
        server = RunningServer.fresh(
                "tiers",
                Map.of(
                        "AUSPEX_STORAGE_FLUSH_INTERVAL", "PT5S",
                        "AUSPEX_STORAGE_KEEP_IN_HEAD", "PT0S",
                        "AUSPEX_JOBS_ROLL_UP_AT", "off", // whatever the time of day
                        "AUSPEX_JOBS_RETENTION_AT", "off"));
        tenants = TwoTenants.of(server);
        for (ApiClient of : new ApiClient[] {tenants.firstAdmin, tenants.secondAdmin}) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= 240; i++) { // (PAST, PAST + 1 h]
                line(text, "level", i % 60, PAST + i * 15L);
                line(text, "work_total", i * 10 % 1_500, PAST + i * 15L);
                line(text, "debug_level", i, PAST + i * 15L);
            }
            line(text, "level", 7, PAST + 48 * HOUR);
            HttpResponse<String> written = of.send("POST", "/api/v1/import/prometheus", text.toString(), "text/plain");
            assertThat(written.statusCode()).as(written.body()).isEqualTo(204);
        }
    }

    private static void line(StringBuilder text, String metric, double value, long seconds) {
        text.append(metric)
                .append(' ')
                .append(value)
                .append(' ')
                .append(seconds * 1_000)
                .append('\n');
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Order(1)
    void rollUp_writesTheCoarseTiers() {
        Eventually.within(
                PATIENCE, () -> assertThat(rows(tenants.firstAdmin, "raw")).isPositive());

        assertThat(run(tenants.firstAdmin, "roll-up")).contains("samples: ");

        assertThat(rows(tenants.firstAdmin, "5m")).isPositive();
        assertThat(rows(tenants.firstAdmin, "1d")).isPositive();
        assertThat(rows(tenants.firstAdmin, "1m")).isZero();
        assertThat(rows(tenants.secondAdmin, "5m")).isZero();
    }

    @Test
    @Order(2)
    void retention_isTheTenantsOwn_andChangedByItsAdministratorOnly() {
        HttpResponse<String> before = tenants.firstAdmin.get(RETENTION);
        assertThat(before.headers().firstValue("ETag")).contains("\"0\"");
        assertThat(before.body()).contains("\"raw\":15").contains("\"1m\":30").contains("\"5m\":90");
        String two = policy("{\"raw\":2}");

        assertThat(tenants.withRole("operator").get(RETENTION).statusCode()).isEqualTo(200);
        assertThat(tenants.withRole("operator").put(RETENTION, two).statusCode())
                .isEqualTo(403);
        assertThat(tenants.withRole("analyst").get(RETENTION).statusCode()).isEqualTo(403);
        assertThat(tenants.firstAdmin.put(RETENTION, two).statusCode()).isEqualTo(428);
        ApiClient current = tenants.firstAdmin.with("If-Match", "\"0\"");
        assertThat(current.put(RETENTION, policy("{\"raw\":0}")).body()).contains("must be 1 to 3650, got 0");
        assertThat(current.put(RETENTION, policy("{\"2h\":1}")).body()).contains("there is no tier \\\"2h\\\"");
        assertThat(current.put(RETENTION, "{\"classes\":[]}").statusCode()).isEqualTo(400);

        HttpResponse<String> saved = current.put(RETENTION, two);

        assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
        assertThat(saved.body()).contains("\"raw\":2").contains("\"1m\":30").contains("\"version\":1");
        assertThat(current.put(RETENTION, two).statusCode()).isEqualTo(412);
        assertThat(tenants.secondAdmin.get(RETENTION).body()).contains("\"raw\":15");
    }

    @Test
    @Order(3)
    void retention_endsRawSamples_andKeepsThemAsMinutes() {
        assertThat(run(tenants.firstAdmin, "retention")).contains("left: 0");

        assertThat(rows(tenants.firstAdmin, "raw")).isPositive();
        assertThat(rows(tenants.firstAdmin, "1m")).isPositive();
        assertThat(rows(tenants.secondAdmin, "1m")).isZero();
        assertThat(run(tenants.firstAdmin, "retention")).contains("packs: 0,").contains("left: 0");
        assertThat(value(tenants.secondAdmin, "count_over_time(level[1h])")).isEqualTo("240");
    }

    /** The other tenant still has its samples, which say what is right. */
    @Test
    @Order(4)
    void query_answersFromTheCoarsestTier_whatItAnsweredFromSamples() {
        for (String query : new String[] {
            "count_over_time(level[1h])",
            "max_over_time(level[1h])",
            "min_over_time(level[1h])",
            "avg_over_time(level[1h])",
            "sum_over_time(level[1h])",
            "last_over_time(level[1h])",
            "level"
        }) {
            assertThat(value(tenants.firstAdmin, query)).as(query).isEqualTo(value(tenants.secondAdmin, query));
        }
        double increase = Double.parseDouble(value(tenants.firstAdmin, "increase(work_total[1h])"));
        double direct = Double.parseDouble(value(tenants.secondAdmin, "increase(work_total[1h])"));
        assertThat(increase).isBetween(direct * 0.98, direct * 1.02);
        assertThat(stats(tenants.firstAdmin, "max_over_time(level[1h])")).contains("\"tiers\":[\"1h\"]");
        assertThat(stats(tenants.firstAdmin, "max_over_time(level[3m])")).contains("\"tiers\":[\"1m\"]");
        assertThat(stats(tenants.secondAdmin, "max_over_time(level[1h])")).contains("\"tiers\":[\"raw\"]");
        assertThat(tenants.firstAdmin
                        .get("/api/v1/series?match%5B%5D=level&start=" + PAST + "&end=" + (PAST + HOUR))
                        .body())
                .contains("\"__name__\":\"level\"");
    }

    @Test
    @Order(5)
    void portal_showsTiers_andChangesRetention() {
        try (Portal portal = new Portal(server)) {
            Page page = portal.admin();
            page.navigate("/storage");
            assertThat(page.locator("#tiers tr")).hasCount(5);
            assertThat(page.locator("#classes tr")).hasCount(1);
            page.click("#add-class");
            page.locator("#classes [name=name]").first().fill("debug");
            page.locator("#classes [name=metrics]").first().fill("debug_.*");
            page.locator("#classes [name=raw]").first().fill("3");
            page.getByText("Save", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator("#retention-state")).containsText("Saved");

            page.reload();

            assertThat(page.locator("#classes tr")).hasCount(2);
            assertThat(page.locator("#classes [name=raw]").first()).hasValue("3");
            page.locator("#classes [name=metrics]").first().fill("(");
            page.getByText("Save", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator("#retention-state")).containsText("class debug");
        }
    }

    private static String policy(String days) {
        return "{\"classes\":[{\"name\":\"default\",\"metrics\":\".*\",\"days\":" + days + "}]}";
    }

    private static long rows(ApiClient of, String tier) {
        String body = of.get(STORAGE).body();
        java.util.regex.Matcher rows = Pattern.compile(
                        "\"tier\":\"" + tier + "\",\"rows\":(\\d+)|\"rows\":(\\d+),\"tier\":\"" + tier + "\"")
                .matcher(body);
        assertThat(rows.find()).as(body).isTrue();
        return Long.parseLong(rows.group(1) == null ? rows.group(2) : rows.group(1));
    }

    /** Runs a job and waits for what came of it. */
    private static String run(ApiClient of, String job) {
        HttpResponse<String> started = of.post("/api/v1/system/jobs/" + job + "/runs", "{}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        String path = "/api/v1/system/jobs/runs/" + ApiClient.field(started.body(), "id");
        Eventually.within(PATIENCE, () -> assertThat(of.get(path).body()).contains("COMPLETED"));
        return of.get(path).body();
    }

    private static String stats(ApiClient of, String query) {
        return of.get(at(query) + "&stats=all").body();
    }

    private static String at(String query) {
        return "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&time=" + (PAST + HOUR);
    }

    /** The only value of a query at the end of the hour. */
    private static String value(ApiClient of, String query) {
        String body = of.get(at(query)).body();
        java.util.regex.Matcher value =
                Pattern.compile("\"value\":\\[[^,]*,\"([^\"]*)\"]").matcher(body);
        assertThat(value.find()).as(body).isTrue();
        return value.group(1);
    }
}
