package io.auspex.system;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hostile queries of two tenants, each against the other: {@code dev queryfuzz [queries [seed]]}.
 *
 * <p>Each query is sent by both. Fails for an answer that holds anything of the other tenant, for a status that is no
 * documented one, and for an answer later than its time limit and the grace.
 */
public final class QueryFuzz {
    private static final Set<Integer> DOCUMENTED = Set.of(200, 400, 422, 503);
    private static final double LIMIT_SECONDS = 2;

    private final ApiClient[] callers;
    private final String[] canaries = {"only-north-canary", "only-south-canary"};
    private final Duration grace;
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private double slowest;

    QueryFuzz(ApiClient north, ApiClient south, Duration grace) {
        this.callers = new ApiClient[] {north, south};
        this.grace = grace;
    }

    public static void main(String[] arguments) {
        int queries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        TwoTenants tenants = TwoTenants.get();
        QueryFuzz fuzz = new QueryFuzz(tenants.firstAdmin, tenants.secondAdmin, Duration.ofSeconds(1));
        fuzz.fill();
        System.out.println("seed " + seed);
        fuzz.run(queries, seed);
        System.out.println(fuzz);
        System.exit(0);
    }

    /** Samples of the last quarter of an hour for both tenants, by which their series can be told apart. */
    void fill() {
        long now = System.currentTimeMillis();
        for (int tenant = 0; tenant < 2; tenant++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                for (int at = 60; at >= 0; at--) {
                    String labels = "{who=\"" + canaries[tenant] + "\",i=\"" + i + "\"";
                    String tail = " " + (i * at + 3) + " " + (now - at * 15_000L) + "\n";
                    text.append("fuzz_total").append(labels).append('}').append(tail);
                    text.append("fuzz_gauge").append(labels).append('}').append(tail);
                    text.append("fuzz_bucket")
                            .append(labels)
                            .append(",le=\"")
                            .append(i == 19 ? "+Inf" : Integer.toString(i))
                            .append("\"}")
                            .append(tail);
                }
            }
            HttpResponse<String> answer =
                    callers[tenant].send("POST", "/api/v1/import/prometheus", text.toString(), "text/plain");
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError(answer.statusCode() + " " + answer.body());
            }
        }
    }

    void run(int queries, long seed) {
        HostileQueries hostile = new HostileQueries(seed);
        for (int i = 0; i < queries; i++) {
            String path = path(hostile);
            for (int tenant = 0; tenant < 2; tenant++) {
                long begin = System.nanoTime();
                HttpResponse<String> answer = callers[tenant].get(path);
                double seconds = (System.nanoTime() - begin) / 1e9;
                slowest = Math.max(slowest, seconds);
                statuses.merge(answer.statusCode(), 1, Integer::sum);
                check(answer, seconds, canaries[1 - tenant], "seed " + seed + " query " + i + " " + path);
            }
        }
    }

    private void check(HttpResponse<String> answer, double seconds, String foreign, String what) {
        if (!DOCUMENTED.contains(answer.statusCode())) {
            throw new AssertionError(what + " answered " + answer.statusCode() + " " + answer.body());
        }
        if (answer.body().contains(foreign)) {
            throw new AssertionError(what + " told another tenant's " + foreign);
        }
        if (seconds > LIMIT_SECONDS + grace.toMillis() / 1e3) {
            throw new AssertionError(what + " took " + seconds + " s");
        }
    }

    private static String path(HostileQueries hostile) {
        long now = System.currentTimeMillis() / 1000;
        return switch (hostile.choice(10)) {
            case 0 -> "/api/v1/series?match[]=" + encode(hostile.selector());
            case 1 -> "/api/v1/label/who/values?match[]=" + encode(hostile.selector());
            case 2 -> "/api/v1/query_exemplars?query=" + encode(hostile.next());
            case 3, 4, 5 ->
                "/api/v1/query_range?timeout=" + LIMIT_SECONDS + "&start=" + (now - 900) + "&end=" + now + "&step="
                        + (1 + hostile.choice(60)) + "&query=" + encode(hostile.next());
            default -> "/api/v1/query?timeout=" + LIMIT_SECONDS + "&stats=all&query=" + encode(hostile.next());
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** How often each status was answered. */
    Map<Integer, Integer> statuses() {
        return statuses;
    }

    @Override
    public String toString() {
        return "answers by status " + statuses + ", slowest " + slowest + " s, nothing foreign, nothing undocumented";
    }
}
