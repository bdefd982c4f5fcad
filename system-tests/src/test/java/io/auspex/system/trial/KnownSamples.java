package io.auspex.system.trial;

import io.auspex.series.Labels;
import io.auspex.system.RemoteWriteRequest;
import io.auspex.system.RunningServer;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Senders whose samples can be told from their place alone, so that what was acknowledged is remembered in one bit a
 * request and read back bit for bit.
 *
 * <p>Each sender names ten new series a second and sends, every ten milliseconds, ten samples of each. It goes on
 * behind a request that was not acknowledged: those samples may be there or not, but not with other values.
 */
final class KnownSamples {
    private static final int SERIES = 10;
    private static final int POINTS = 10;
    private static final int PERIOD_MILLIS = 10;
    private static final int REQUESTS_PER_GENERATION = 100;
    private static final Pattern SERIES_LABEL = Pattern.compile("\"series\":\"(\\d+)\"");
    private static final Pattern POINT = Pattern.compile("\\[(\\d+(?:\\.\\d+)?),\"([^\"]+)\"\\]");

    private final RunningServer server;
    private final String run;
    private final long base = System.currentTimeMillis();
    private final List<Sender> senders = new ArrayList<>();
    private final Map<String, Long> unexpected = new TreeMap<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final AtomicLong acknowledgedRequests = new AtomicLong();
    private volatile boolean stopped;

    /** @param run tells these samples from those of other runs on the same server */
    KnownSamples(RunningServer server, String run) {
        this.server = server;
        this.run = run;
        BiConsumer<Sender, Integer> remoteWrite = this::remoteWrite;
        senders.add(new Sender(0, remoteWrite));
        senders.add(new Sender(1, remoteWrite));
        senders.add(new Sender(2, this::text));
    }

    void start() {
        senders.forEach(sender -> sender.thread.start());
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Sender sender : senders) {
            sender.thread.join();
        }
    }

    private final class Sender {
        final int number;
        final BitSet acknowledged = new BitSet();
        final Thread thread;
        final BiConsumer<Sender, Integer> protocol;
        final RemoteWriteRequest body = new RemoteWriteRequest();
        int requests;

        Sender(int number, BiConsumer<Sender, Integer> protocol) {
            this.number = number;
            this.protocol = protocol;
            this.thread = new Thread(this::send, "known-samples-" + number);
        }

        void send() {
            for (; !stopped; requests++) {
                long early = base + (long) requests * PERIOD_MILLIS - System.currentTimeMillis();
                if (early > 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(early));
                }
                try {
                    protocol.accept(this, requests);
                } catch (UncheckedIOException e) {
                    unanswered.incrementAndGet(); // the server is gone
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            }
        }

        String labels(int request, int series) {
            return "run=\"" + run + "\",sender=\"" + number + "\",generation=\"" + request / REQUESTS_PER_GENERATION
                    + "\",series=\"" + series + "\"";
        }
    }

    private void remoteWrite(Sender sender, int request) {
        for (int series = 0; series < SERIES; series++) {
            Labels labels = Labels.of(
                    "__name__",
                    "known_samples",
                    "generation",
                    Integer.toString(request / REQUESTS_PER_GENERATION),
                    "run",
                    run,
                    "sender",
                    Integer.toString(sender.number),
                    "series",
                    Integer.toString(series));
            for (int point = 0; point < POINTS; point++) {
                sender.body.add(labels, time(request, point), value(sender.number, series, request, point));
            }
        }
        judge(
                sender,
                request,
                server.send(server.withApiKey("/api/v1/write")
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "snappy")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(sender.body.toBody()))
                        .build()));
    }

    private void text(Sender sender, int request) {
        StringBuilder text = new StringBuilder();
        for (int series = 0; series < SERIES; series++) {
            for (int point = 0; point < POINTS; point++) {
                text.append("known_samples{")
                        .append(sender.labels(request, series))
                        .append("} ")
                        .append(value(sender.number, series, request, point))
                        .append(' ')
                        .append(time(request, point))
                        .append('\n');
            }
        }
        judge(
                sender,
                request,
                server.send(server.withApiKey("/api/v1/import/prometheus")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
                        .build()));
    }

    private void judge(Sender sender, int request, HttpResponse<String> answer) {
        if (answer.statusCode() / 100 == 2) {
            sender.acknowledged.set(request);
            acknowledgedRequests.incrementAndGet();
        } else if (answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent()) {
            refused.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        } else {
            synchronized (unexpected) {
                String body = answer.body().replaceAll("(?s)<head>.*</head>|<[^>]*>|\\s+", " ");
                unexpected.merge(
                        answer.statusCode() + " " + body.substring(0, Math.min(body.length(), 200)), 1L, Long::sum);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private long time(int request, int point) {
        return base + (long) request * PERIOD_MILLIS + point;
    }

    /** Whole numbers, decimals, all bits of a mantissa, and negative zeros. */
    private double value(int sender, int series, int request, int point) {
        long mixed = (base ^ sender * 31L + series) * 0x9E3779B97F4A7C15L + ((long) request * POINTS + point);
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return switch (series % 4) {
            case 0 -> (double) request * POINTS + point;
            case 1 -> Math.floorMod(mixed, 1_000_000) / 1000.0;
            case 2 -> Double.longBitsToDouble(mixed >>> 12 | 0x3FF0000000000000L) * (mixed & 1023);
            default -> (mixed & 7) == 0 ? -0.0 : -(double) (mixed >>> 40);
        };
    }

    long acknowledgedRequests() {
        return acknowledgedRequests.get();
    }

    /** Answers that are neither an acknowledgement nor a request to come back, with their counts. */
    Map<String, Long> unexpected() {
        synchronized (unexpected) {
            return new TreeMap<>(unexpected);
        }
    }

    /** What reading everything back found. */
    record Verdict(long acknowledged, long missing, long altered, long refused, long unanswered) {
        boolean isClean() {
            return missing == 0 && altered == 0;
        }

        @Override
        public String toString() {
            return "%d acknowledged, %d missing, %d altered (%d requests were asked to come back, %d had no answer)"
                    .formatted(acknowledged, missing, altered, refused, unanswered);
        }
    }

    /** Reads back every sample over HTTP; after {@link #stop}. */
    Verdict verify() {
        long[] counts = new long[3];
        for (Sender sender : senders) {
            for (int from = 0; from < sender.requests; from += REQUESTS_PER_GENERATION) {
                verify(sender, from, counts);
            }
        }
        return new Verdict(counts[0], counts[1], counts[2], refused.get(), unanswered.get());
    }

    private void verify(Sender sender, int first, long[] counts) {
        int points = REQUESTS_PER_GENERATION * POINTS;
        BitSet[] found = new BitSet[SERIES];
        for (int series = 0; series < SERIES; series++) {
            found[series] = new BitSet();
        }
        String selector = "known_samples{run=\"" + run + "\",sender=\"" + sender.number + "\",generation=\""
                + first / REQUESTS_PER_GENERATION + "\"}";
        String body = query(selector + "[10m]", time(first + REQUESTS_PER_GENERATION, 0));
        for (String part : body.split("\\{\"metric\":", -1)) {
            Matcher label = SERIES_LABEL.matcher(part);
            if (!label.find()) {
                continue;
            }
            int series = Integer.parseInt(label.group(1));
            Matcher point = POINT.matcher(part);
            while (point.find()) {
                long at = Math.round(Double.parseDouble(point.group(1)) * 1000) - time(first, 0);
                boolean known = at >= 0 && at < points && !found[series].get((int) at);
                if (!known || !isValue(point.group(2), sender, series, first, (int) at)) {
                    counts[2]++;
                } else {
                    found[series].set((int) at);
                }
            }
        }
        for (int request = first; request < first + REQUESTS_PER_GENERATION; request++) {
            if (sender.acknowledged.get(request)) {
                counts[0] += SERIES * POINTS;
                int from = (request - first) * POINTS;
                for (BitSet series : found) {
                    counts[1] += POINTS - series.get(from, from + POINTS).cardinality();
                }
            }
        }
    }

    private boolean isValue(String text, Sender sender, int series, int first, int at) {
        double expected = value(sender.number, series, first + at / POINTS, at % POINTS);
        return Double.doubleToRawLongBits(Double.parseDouble(text)) == Double.doubleToRawLongBits(expected);
    }

    /** Asks again while the database is on its way back: samples may be acknowledged before it is. */
    private String query(String expression, long millis) {
        long deadline = System.nanoTime() + FaultTrials.BACK_WITHIN.toNanos();
        while (true) {
            HttpResponse<String> answer = server.send(server.withApiKey("/api/v1/query?query="
                            + URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&time=" + millis / 1000.0)
                    .GET()
                    .build());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            if (answer.statusCode() != 503 || System.nanoTime() > deadline) {
                throw new IllegalStateException(expression + ": " + answer.statusCode() + " " + answer.body());
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
