package io.auspex.system.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Asks a server that speaks the Prometheus API a set of range queries and prints how long the answers take. */
final class QueryTimes {
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 100;

    /** Query by what it stands for; each over all the time that was sent. */
    private static final Map<String, String> QUERIES = queries();

    private final HttpClient client;
    private final long start;
    private final long end;

    /** @param start Unix seconds, as is {@code end} */
    QueryTimes(HttpClient client, long start, long end) {
        this.client = client;
        this.start = start;
        this.end = end;
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("one series", "node_load1{instance=\"host-0:9100\"}");
        queries.put("rate, 16 series a host", "rate(node_cpu_seconds_total[5m])");
        queries.put("sum by, 16 series a host", "sum by (mode) (rate(node_cpu_seconds_total[5m]))");
        return queries;
    }

    /** @param credential value of the header Authorization; empty for none */
    void print(String name, URI server, String credential, PrintStream out) throws IOException, InterruptedException {
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + "/api/v1/query_range?query="
                    + URLEncoder.encode(query.getValue(), StandardCharsets.UTF_8) + "&start=" + start + "&end=" + end
                    + "&step=60"));
            if (!credential.isEmpty()) {
                request.header("Authorization", credential);
            }
            out.printf("%-12s %-28s %s%n", name, query.getKey(), time(request.build()));
        }
    }

    private String time(HttpRequest request) throws IOException, InterruptedException {
        Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(5), 3);
        long bytes = 0;
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
            }
            bytes = answer.body().length;
            if (round >= 0) {
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
            }
        }
        return "p50 %8.2f ms   p95 %8.2f ms   %8d bytes"
                .formatted(micros.getValueAtPercentile(50) / 1e3, micros.getValueAtPercentile(95) / 1e3, bytes);
    }
}
