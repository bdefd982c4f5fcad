package io.auspex.system.bench;

import io.auspex.system.EmbeddedDatabase;
import io.auspex.system.RunningServer;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second node beside one that is written to: how far it lags behind, and what it costs.
 *
 * <p>{@code dev bench follow [hosts [scrapes [connections]]]}, with the load of {@link IngestBench}.
 */
public final class FollowBench {
    private static final long REST_MILLIS = 15_000;

    private FollowBench() {}

    public static void main(String[] arguments) throws Exception {
        int hosts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        int scrapes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 80;
        int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        IngestBench load = new IngestBench(hosts, scrapes, connections, 4);
        PrintStream out = System.out;
        Map<String, String> settings = new HashMap<>(Map.of("AUSPEX_DB_CONNECTIONS", "8", "AUSPEX_NODE", "first"));
        try (RunningServer first = RunningServer.fresh("follow-first", settings)) {
            settings.putAll(EmbeddedDatabase.settings(first));
            settings.put("AUSPEX_NODE", "second");
            try (RunningServer second = RunningServer.fresh("follow-second", settings)) {
                long postgres = first.postmasterPid().orElseThrow();
                Thread.sleep(REST_MILLIS);
                double before = ProcessCpu.seconds(List.of(second.pid()));
                double database = ProcessCpu.seconds(List.of(postgres));
                Thread.sleep(REST_MILLIS);
                out.printf(
                        "at rest: second node %.1f %% of a core, PostgreSQL for both %.1f %%%n",
                        (ProcessCpu.seconds(List.of(second.pid())) - before) / REST_MILLIS * 1e5,
                        (ProcessCpu.seconds(List.of(postgres)) - database) / REST_MILLIS * 1e5);
                out.printf(
                        "%-28s %12s %10s %14s %10s %10s%n",
                        "", "samples/s", "CPU-s/M", "generator", "ack p50", "ack p99");
                List<Long> processes = List.of(first.pid(), postgres);
                for (int half = 0; half < 2; half++) {
                    double cpu = ProcessCpu.seconds(List.of(second.pid()));
                    load.send(
                            half == 0 ? "first node, cold" : "first node, warm",
                            RequestFormat.Protocol.REMOTE_WRITE_1,
                            first::withApiKey,
                            half * scrapes / 2,
                            (half + 1) * scrapes / 2,
                            processes,
                            out);
                    long begin = System.nanoTime();
                    awaitFollowed(second);
                    out.printf(
                            "second node: %.2f CPU-s/M, through %.1f s later, lag p50 %.0f ms, p99 %.0f ms%n",
                            (ProcessCpu.seconds(List.of(second.pid())) - cpu) / (load.samples() / 2e6),
                            (System.nanoTime() - begin) / 1e9,
                            metric(second, "auspex_follow_lag_median_seconds") * 1e3,
                            metric(second, "auspex_follow_lag_p99_seconds") * 1e3);
                }
            }
        }
    }

    private static void awaitFollowed(RunningServer second) throws InterruptedException {
        double last = -1;
        for (double now = 0; now > last; now = metric(second, "auspex_followed_records_total")) {
            last = now;
            Thread.sleep(500);
        }
    }

    private static double metric(RunningServer server, String name) {
        String text = server.send(server.withApiKey("/metrics").GET().build()).body();
        Matcher found = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + name);
        }
        return Double.parseDouble(found.group(1));
    }
}
