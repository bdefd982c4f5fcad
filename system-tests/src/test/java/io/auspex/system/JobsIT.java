package io.auspex.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.auspex.browser.Portal;
import io.auspex.series.Labels;
import io.auspex.system.bench.Database;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Jobs of a server through its life, in this order: a night, a stop and a restart over the API, the same in the portal, a
 * kill, a restart at the checkpoint.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class JobsIT {
    private static final String RUNS = "/api/v1/system/jobs/runs";
    private static final int SERIES = 300;
    private static final int SAMPLES = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static RunningServer server;
    private static ApiClient operator;
    private static String stopped = "";

    @BeforeAll
    static void startWithSeriesToTrainOn() {
        // the night of the reports has just begun; that of the training never comes
        String justNow = LocalTime.now(ZoneOffset.UTC).minusMinutes(1).format(DateTimeFormatter.ofPattern("HH:mm"));
        server = RunningServer.fresh(
                "jobs",
                Map.of(
                        "AUSPEX_SELF_INTERVAL", "PT5S",
                        "AUSPEX_JOBS_LEASE", "PT10S",
                        "AUSPEX_JOBS_MODEL_TRAINING_SERIES", "1000",
                        "AUSPEX_JOBS_SERVICE_HEALTH_REPORT_AT", justNow));
        operator = ApiClient.withBearer(server, RunningServer.API_KEY);
        long start = System.currentTimeMillis() - SAMPLES * 15_000L;
        for (int series = 0; series < SERIES; series++) {
            RemoteWriteRequest request = new RemoteWriteRequest();
            for (int i = 0; i < SAMPLES; i++) {
                double value = 50 + 20 * Math.sin(i / 40.0) + i * (series + 7) % 11;
                request.add(
                        Labels.of("__name__", "node_load1", "instance", "host-" + series), start + i * 15_000L, value);
            }
            push(request);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Order(1)
    void night_isTakenByTheTimer() {
        Eventually.within(
                PATIENCE,
                () -> assertThat(get(RUNS + "?job=service-health-report"))
                        .contains("\"requestedBy\":\"timer\"")
                        .contains("COMPLETED"));
    }

    @Test
    @Order(2)
    void stop_endsARunAtItsCheckpoint() {
        stopped = started();
        awaitItems(stopped);

        HttpResponse<String> asked = operator.post(RUNS + "/" + stopped + "/stop", "");

        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
        await(stopped, "STOPPED");
        assertThat(processed(stopped)).isBetween(1, total(stopped) - 1);
        assertThat(operator.post(RUNS + "/" + stopped + "/stop", "").statusCode())
                .isEqualTo(409);
    }

    @Test
    @Order(3)
    void restart_goesOnAtTheCheckpoint_andDoesNothingTwice() {
        assertThat(operator.post(RUNS + "/" + stopped + "/restart", "").statusCode())
                .isEqualTo(202);

        await(stopped, "COMPLETED");
        assertThat(get(RUNS + "/" + stopped)).contains("models: " + SERIES);
        assertThat(metric("auspex_job_items_total", "model-training")).isEqualTo(total(stopped));
        assertThat(operator.post(RUNS + "/" + stopped + "/restart", "").statusCode())
                .isEqualTo(409);
    }

    @Test
    @Order(4)
    void start_isRefused_whileTheSameIsBeingDone_andWhenItMakesNoSense() {
        String run = started();

        assertThat(operator.post("/api/v1/ml/training-runs", "").statusCode()).isEqualTo(409);
        assertThat(operator.post("/api/v1/system/jobs/no-such-job/runs", "{}").statusCode())
                .isEqualTo(404);
        HttpResponse<String> odd =
                operator.post("/api/v1/system/jobs/model-training/runs", "{\"parameters\":{\"day\":\"x\"}}");
        assertThat(odd.statusCode()).isEqualTo(400);
        assertThat(odd.body()).contains("takes no parameters");

        operator.post(RUNS + "/" + run + "/stop", "");
        await(run, "STOPPED");
    }

    @Test
    @Order(5)
    void portal_startsWatchesStopsAndRestarts() {
        try (Portal portal = new Portal(server)) {
            Page page = portal.admin();
            page.navigate("/jobs");
            page.selectOption("#job", "model-training");
            page.click("#start");
            assertThat(page.locator("#messages")).containsText("has begun");
            Locator.GetByTextOptions exactly = new Locator.GetByTextOptions().setExact(true);
            Locator newest = page.locator("#runs tbody tr").first();

            newest.getByText("Stop", exactly).click();
            page.getByRole(AriaRole.DIALOG).getByText("Yes, go on").click();

            // the list reads itself again while something goes on
            assertThat(newest.locator(".state")).hasText("Stopped", soon());
            assertThat(newest).containsText(Pattern.compile("\\d+\\s/\\s\\d+"));
            newest.getByText("Restart", exactly).click();
            assertThat(newest.locator(".state")).hasText("Completed", soon());
            assertThat(newest).containsText("models: " + SERIES);

            page.navigate("/reports");
            assertThat(page.locator("#runs tbody tr").first()).containsText("timer");
            assertThat(portal.complaints()).isEmpty();
        }
    }

    private static LocatorAssertions.HasTextOptions soon() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE.toMillis());
    }

    @Test
    @Order(6)
    void runOfAKilledServer_fails_andGoesOnAtItsCheckpoint() {
        String run = started();
        awaitItems(run);

        server.killHard();
        server.start();

        await(run, "FAILED");
        int checkpoint = processed(run);
        assertThat(checkpoint).isBetween(1, total(run) - 1);
        assertThat(get(RUNS + "/" + run)).contains("went away");
        Eventually.within(PATIENCE, () -> assertThat(openExecutions()).isZero());

        assertThat(operator.post(RUNS + "/" + run + "/restart", "").statusCode())
                .isEqualTo(202);
        await(run, "COMPLETED");
        assertThat(get(RUNS + "/" + run)).contains("models: " + SERIES);
        assertThat(metric("auspex_job_items_total", "model-training")).isEqualTo(total(run) - checkpoint);
        assertThat(metric("auspex_job_runs_total", "model-training\",status=\"failed"))
                .isEqualTo(1);
    }

    @Test
    @Order(7)
    void runOfAServerThatIsAskedToEnd_stopsAtItsCheckpoint() {
        String run = started();
        awaitItems(run);

        server.restart();

        assertThat(ApiClient.field(get(RUNS + "/" + run), "status")).isEqualTo("STOPPED");
        assertThat(processed(run)).isBetween(1, total(run) - 1);
    }

    @Test
    @Order(8)
    void history_survives_andTheNightWasTakenOnce() {
        String training = get(RUNS + "?job=model-training");
        String reports = get(RUNS + "?job=service-health-report");

        assertThat(training).contains("\"id\":" + stopped + ",");
        assertThat(Pattern.compile("\"requestedBy\":\"timer\"").matcher(reports).results())
                .hasSize(1);
    }

    @Test
    @Order(9)
    void metricsOfJobs_areOrdinarySeries() {
        Eventually.within(
                PATIENCE,
                () -> assertThat(get("/api/v1/query?query=auspex_job_items_total%7Bjob_name%3D%22model-training%22%7D"))
                        .contains("\"job\":\"auspex\"")
                        .contains("\"job_name\":\"model-training\""));
    }

    /** What the batch runtime's own tables show as going on. */
    private static long openExecutions() {
        try {
            return Database.of(server, "batch")
                    .number("select count(*) from auspex_batch.jbatchexecutioninstancedata"
                            + " where batchstatus in ('STARTING', 'STARTED', 'STOPPING')");
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String started() {
        HttpResponse<String> answer = operator.post("/api/v1/ml/training-runs", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return ApiClient.field(answer.body(), "id");
    }

    private static void awaitItems(String run) {
        Eventually.within(PATIENCE, () -> assertThat(processed(run)).isPositive());
    }

    private static void await(String run, String status) {
        AtomicReference<String> seen = new AtomicReference<>("");
        Eventually.within(PATIENCE, () -> {
            seen.set(get(RUNS + "/" + run));
            assertThat(ApiClient.field(seen.get(), "status")).as(seen.get()).isEqualTo(status);
        });
    }

    private static int processed(String run) {
        return Integer.parseInt(ApiClient.field(get(RUNS + "/" + run), "processed"));
    }

    private static int total(String run) {
        return Integer.parseInt(ApiClient.field(get(RUNS + "/" + run), "total"));
    }

    private static String get(String path) {
        HttpResponse<String> answer = operator.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static int metric(String name, String job) {
        Matcher sample = Pattern.compile(Pattern.quote(name + "{job_name=\"" + job + "\"}") + " (\\d+)")
                .matcher(get("/metrics"));
        assertThat(sample.find()).as(name).isTrue();
        return Integer.parseInt(sample.group(1));
    }

    private static void push(RemoteWriteRequest request) {
        HttpResponse<String> answer = server.send(server.withApiKey("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBody()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
}
