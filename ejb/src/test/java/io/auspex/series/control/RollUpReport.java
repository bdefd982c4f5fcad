package io.auspex.series.control;

import io.auspex.codec.Recording;
import io.auspex.promql.Engine;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.series.AppendBatch;
import io.auspex.series.AppendWindow;
import io.auspex.series.Labels;
import io.auspex.series.NewSeries;
import io.auspex.series.SeriesLimit;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A day of the recorded node exporter through log, head, flushes, merge and roll-ups on a real PostgreSQL; prints what
 * everything takes and how fast days are rolled up ({@code ./dev bench rollup [hosts [stride]]}).
 *
 * <p>Scrapes are 15 s apart, 3 % of them 1 to 3 ms late. A row of the recording is one second: stride 15 is real time,
 * in which the recording repeats after two hours and more, so never within what is compressed together. Hosts begin at
 * different rows.
 */
public final class RollUpReport {
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int SCRAPES = 5_760;
    private static final int PER_FLUSH = 480;
    private static final StorageSettings SETTINGS = new StorageSettings(
            1_000_000,
            Duration.ofDays(9),
            Long.MAX_VALUE,
            Duration.ZERO,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            1 << 20,
            LogLimits.DEFAULT);

    private RollUpReport() {}

    public static void main(String[] arguments) throws IOException {
        int hosts = Integer.parseInt(arguments[1]);
        int stride = Integer.parseInt(arguments[2]);
        List<String> names = Files.readAllLines(Path.of(arguments[0]));
        double[][] recording = Recording.read(new BufferedInputStream(System.in, 1 << 20));
        TestDatabase database = new TestDatabase(TestPostgres.shared());
        TenantId tenant = database.tenant("bench");
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(2);
        Instant now = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        try (TestEngine engine = TestEngine.start(database, SETTINGS, now)) {
            long started = System.nanoTime();
            List<NewSeries> series = new ArrayList<>();
            for (int host = 0; host < hosts; host++) {
                for (int i = 0; i < recording.length; i++) {
                    series.add(NewSeries.of(labels(names.get(i), host)));
                }
            }
            int[] refs = engine.engine.register(tenant, series, SeriesLimit.OF_NODE);
            SplittableRandom random = new SplittableRandom(7);
            for (int scrape = 0; scrape < SCRAPES; scrape++) {
                for (int host = 0; host < hosts; host++) {
                    long time = RollUps.millis(day)
                            + 1
                            + scrape * 15_000L
                            + host * 137L % 15_000
                            + (random.nextInt(100) < 3 ? 1 + random.nextInt(3) : 0);
                    AppendBatch batch = new AppendBatch();
                    for (int i = 0; i < recording.length; i++) {
                        int row = (int) ((scrape * (long) stride + host * 211L) % recording[i].length);
                        batch.add(refs[host * recording.length + i], time, recording[i][row]);
                    }
                    engine.engine.append(tenant, batch, AppendWindow.ALL);
                }
                if ((scrape + 1) % PER_FLUSH == 0) {
                    engine.flush();
                }
            }
            long samples = (long) SCRAPES * hosts * recording.length;
            System.out.printf(
                    "%d series, %d samples in %.0f s%n", series.size(), samples, (System.nanoTime() - started) / 1e9);
            print("after the flushes", database, samples);
            RollUps rollUps = new RollUps(database.jdbc, new TierStore(database.jdbc));
            long begun = System.nanoTime();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            RollUps.Outcome outcome = rollUps.roll(tenant, day, rollUps.due(tenant, day));
            double seconds = (System.nanoTime() - begun) / 1e9;
            double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
            rollUps.settle(day);
            System.out.printf(
                    "merged and rolled up %d packs into %d, %d samples in %.1f s (%.1f CPU-s without PostgreSQL):"
                            + " %.1f M samples/min%n",
                    outcome.merged(),
                    outcome.packs(),
                    outcome.samples(),
                    seconds,
                    cpuSeconds,
                    outcome.samples() / seconds * 60 / 1e6);
            print("after the night", database, samples);
            rollUps.rollMinutes(tenant, day, rollUps.withoutMinutes(tenant, day));
        }
        try (TestEngine engine = TestEngine.start(database, SETTINGS, now)) { // one with nothing in memory
            time("raw, day packs", engine, tenant, RollUps.millis(day.plusDays(1)));
            database.query(tenant, "delete from auspex.perf_metrics");
            time("roll-ups", engine, tenant, RollUps.millis(day.plusDays(1)));
        }
        System.exit(0);
    }

    /** 48 series over 24 h (contract N6), warm. */
    private static void time(String title, TestEngine engine, TenantId tenant, long end) {
        for (String query : List.of(
                "max_over_time(node_cpu_seconds_total{instance=~\"host-[012]:9100\"}[5m])",
                "rate(node_cpu_seconds_total{instance=~\"host-[012]:9100\"}[1h])")) {
            long[] nanos = new long[200];
            Result result = null;
            for (int i = -50; i < nanos.length; i++) {
                long began = System.nanoTime();
                result = new Engine()
                        .range(
                                query,
                                engine.engine.store().reader(tenant),
                                end - PackStore.DAY_MILLIS + 3_600_000,
                                end,
                                300_000,
                                QueryOptions.STANDARD);
                nanos[Math.max(i, 0)] = System.nanoTime() - began;
            }
            Arrays.sort(nanos);
            System.out.printf(
                    "%s: %s, %d series, p50 %.1f ms, p95 %.1f ms, tiers %s%n",
                    title,
                    query,
                    result.series().size(),
                    nanos[100] / 1e6,
                    nanos[190] / 1e6,
                    result.statistics().read().tiers());
        }
    }

    private static Labels labels(String name, int host) {
        TreeMap<String, String> labels = new TreeMap<>();
        int brace = name.indexOf('{');
        labels.put("__name__", brace < 0 ? name : name.substring(0, brace));
        Matcher label = LABEL.matcher(brace < 0 ? "" : name.substring(brace));
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        labels.put("instance", "host-" + host + ":9100");
        labels.put("job", "node");
        return Labels.of(labels.entrySet().stream()
                .flatMap(each -> java.util.stream.Stream.of(each.getKey(), each.getValue()))
                .toArray(String[]::new));
    }

    /** Every table of samples, with its parts; and what they have in common, the series themselves. */
    private static void print(String title, TestDatabase database, long samples) {
        System.out.println(title + ": bytes, bytes a sample (of it main, TOAST, indexes)");
        String sql = "select regexp_replace(c.relname, '_p[0-9]{6,8}', '') || ' ' || sum(pg_total_relation_size(c.oid))"
                + " || ' ' || sum(pg_relation_size(c.oid)) || ' ' || sum(coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0))"
                + " || ' ' || sum(pg_indexes_size(c.oid))"
                + " from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'auspex'"
                + " and c.relkind = 'r' and (c.relname like 'perf%' or c.relname like 'ingest_log%' or c.relname = 'series')"
                + " group by regexp_replace(c.relname, '_p[0-9]{6,8}', '') order by 1";
        double all = 0;
        for (String row : database.query(sql)) {
            String[] parts = row.split(" ");
            all += Double.parseDouble(parts[1]);
            System.out.printf(
                    "  %-22s %12s  %.3f  (%.3f %.3f %.3f)%n",
                    parts[0],
                    parts[1],
                    Double.parseDouble(parts[1]) / samples,
                    Double.parseDouble(parts[2]) / samples,
                    Double.parseDouble(parts[3]) / samples,
                    Double.parseDouble(parts[4]) / samples);
        }
        System.out.printf("  all %.3f bytes a sample%n", all / samples);
    }
}
