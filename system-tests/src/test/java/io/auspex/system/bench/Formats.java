package io.auspex.system.bench;

import io.airlift.compress.snappy.SnappyCompressor;
import io.auspex.codec.ByteWriter;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.system.RemoteWriteRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The protocols of {@link RequestFormat}. */
final class Formats {
    private Formats() {}

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void message(ByteWriter out, int field, byte[] body, int length) {
        out.writeVarint((long) field << 3 | 2);
        out.writeVarint(length);
        out.writeBytes(body, 0, length);
    }

    static final class RemoteWrite1 implements RequestFormat {
        private final RemoteWriteRequest request = new RemoteWriteRequest();
        private final List<byte[][]> labels = new ArrayList<>();

        RemoteWrite1(List<List<Labels>> hosts) {
            for (List<Labels> host : hosts) {
                byte[][] all = new byte[host.size()][];
                for (int i = 0; i < all.length; i++) {
                    ByteWriter bytes = new ByteWriter();
                    SeriesIdentity.writeCanonical(host.get(i), bytes);
                    all[i] = bytes.toByteArray();
                }
                labels.add(all);
            }
        }

        @Override
        public String path() {
            return "/api/v1/write";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy");
        }

        @Override
        public void add(int host, double[] row, long epochMillis) {
            byte[][] names = labels.get(host);
            for (int i = 0; i < row.length; i++) {
                request.add(names[i], names[i].length, epochMillis, row[i]);
            }
        }

        @Override
        public byte[] toBody() {
            return request.toBody();
        }
    }

    /** With all symbols of the connection's hosts in each request. */
    static final class RemoteWrite2 implements RequestFormat {
        private final SnappyCompressor snappy = new SnappyCompressor();
        private final Map<String, Integer> symbols = new LinkedHashMap<>();
        private final List<byte[][]> refs = new ArrayList<>();
        private final ByteWriter out = new ByteWriter(1 << 16);
        private final ByteWriter sample = new ByteWriter(64);

        /** The table of symbols, with which each request begins. */
        private final byte[] table;

        RemoteWrite2(List<List<Labels>> hosts) {
            symbols.put("", 0);
            for (List<Labels> host : hosts) {
                byte[][] all = new byte[host.size()][];
                for (int i = 0; i < all.length; i++) {
                    ByteWriter packed = new ByteWriter();
                    host.get(i).forEach((name, value) -> {
                        packed.writeVarint(symbols.computeIfAbsent(name, absent -> symbols.size()));
                        packed.writeVarint(symbols.computeIfAbsent(value, absent -> symbols.size()));
                    });
                    ByteWriter field = new ByteWriter();
                    message(field, 1, packed.array(), packed.size());
                    all[i] = field.toByteArray();
                }
                refs.add(all);
            }
            ByteWriter all = new ByteWriter();
            symbols.keySet().forEach(symbol -> message(all, 4, utf8(symbol), utf8(symbol).length));
            table = all.toByteArray();
        }

        @Override
        public String path() {
            return "/api/v1/write";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of(
                    "Content-Type",
                    "application/x-protobuf;proto=io.prometheus.write.v2.Request",
                    "Content-Encoding",
                    "snappy",
                    "X-Prometheus-Remote-Write-Version",
                    "2.0.0");
        }

        @Override
        public void add(int host, double[] row, long epochMillis) {
            if (out.size() == 0) {
                out.writeBytes(table, 0, table.length);
            }
            byte[][] all = refs.get(host);
            for (int i = 0; i < row.length; i++) {
                sample.clear();
                sample.writeByte(1 << 3 | 1);
                sample.writeLong(Double.doubleToRawLongBits(row[i]));
                sample.writeByte(2 << 3);
                sample.writeVarint(epochMillis);
                out.writeByte(5 << 3 | 2);
                out.writeVarint(all[i].length + 2L + sample.size());
                out.writeBytes(all[i], 0, all[i].length);
                message(out, 2, sample.array(), sample.size());
            }
        }

        @Override
        public byte[] toBody() {
            byte[] block = new byte[snappy.maxCompressedLength(out.size())];
            int size = snappy.compress(out.array(), 0, out.size(), block, 0, block.length);
            out.clear();
            return Arrays.copyOf(block, size);
        }
    }

    /** Gauges, one data point each, under one resource for each host; not compressed. */
    static final class Otlp implements RequestFormat {
        private static final int NUMBERS = 2 * (1 + Long.BYTES);

        private final List<byte[]> templates = new ArrayList<>();
        private final List<int[]> places = new ArrayList<>();
        private final ByteWriter out = new ByteWriter(1 << 16);

        Otlp(List<List<Labels>> hosts) {
            hosts.forEach(this::addTemplate);
        }

        /** A host's message, in which time and value of each point have their places. */
        private void addTemplate(List<Labels> host) {
            ByteWriter metrics = new ByteWriter(1 << 16);
            int[] at = new int[host.size()];
            for (int i = 0; i < at.length; i++) {
                byte[] metric = metric(host.get(i));
                message(metrics, 2, metric, metric.length);
                at[i] = metrics.size() - NUMBERS;
            }
            ByteWriter resourceMetrics = new ByteWriter(1 << 16);
            ByteWriter resource = new ByteWriter();
            attribute(resource, 1, "service.name", host.get(0).get("job"));
            attribute(resource, 1, "service.instance.id", host.get(0).get("instance"));
            message(resourceMetrics, 1, resource.array(), resource.size());
            message(resourceMetrics, 2, metrics.array(), metrics.size());
            ByteWriter whole = new ByteWriter(1 << 16);
            message(whole, 1, resourceMetrics.array(), resourceMetrics.size());
            int shift = whole.size() - metrics.size();
            places.add(Arrays.stream(at).map(place -> place + shift).toArray());
            templates.add(whole.toByteArray());
        }

        private static byte[] metric(Labels labels) {
            ByteWriter point = new ByteWriter();
            labels.without("job")
                    .without("instance")
                    .without(Labels.METRIC_NAME)
                    .forEach((name, value) -> attribute(point, 7, name, value));
            point.writeByte(3 << 3 | 1);
            point.writeLong(0);
            point.writeByte(4 << 3 | 1);
            point.writeLong(0);
            ByteWriter gauge = new ByteWriter();
            message(gauge, 1, point.array(), point.size());
            ByteWriter metric = new ByteWriter();
            message(metric, 1, utf8(labels.metric()), utf8(labels.metric()).length);
            message(metric, 5, gauge.array(), gauge.size());
            return metric.toByteArray();
        }

        private static void attribute(ByteWriter into, int field, String key, String text) {
            ByteWriter value = new ByteWriter();
            message(value, 1, utf8(text), utf8(text).length);
            ByteWriter pair = new ByteWriter();
            message(pair, 1, utf8(key), utf8(key).length);
            message(pair, 2, value.array(), value.size());
            message(into, field, pair.array(), pair.size());
        }

        @Override
        public String path() {
            return "/v1/metrics";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Content-Type", "application/x-protobuf");
        }

        @Override
        public void add(int host, double[] row, long epochMillis) {
            int from = out.size();
            byte[] template = templates.get(host);
            out.writeBytes(template, 0, template.length);
            int[] at = places.get(host);
            for (int i = 0; i < row.length; i++) {
                putLong(from + at[i] + 1, epochMillis * 1_000_000);
                putLong(from + at[i] + 2 + Long.BYTES, Double.doubleToRawLongBits(row[i]));
            }
        }

        private void putLong(int at, long value) {
            out.putInt(at, (int) value);
            out.putInt(at + Integer.BYTES, (int) (value >>> Integer.SIZE));
        }

        @Override
        public byte[] toBody() {
            byte[] body = out.toByteArray();
            out.clear();
            return body;
        }
    }

    /** A line with one field for each series; not compressed. */
    static final class Influx implements RequestFormat {
        private final List<byte[][]> prefixes = new ArrayList<>();
        private final ByteWriter out = new ByteWriter(1 << 16);

        Influx(List<List<Labels>> hosts) {
            for (List<Labels> host : hosts) {
                prefixes.add(host.stream().map(Influx::prefix).toArray(byte[][]::new));
            }
        }

        private static byte[] prefix(Labels labels) {
            StringBuilder text = new StringBuilder(labels.metric());
            labels.without(Labels.METRIC_NAME)
                    .forEach((name, value) -> text.append(',')
                            .append(name)
                            .append('=')
                            .append(value.replace("\\", "/")
                                    .replace(" ", "\\ ")
                                    .replace(",", "\\,")
                                    .replace("=", "\\=")));
            return utf8(text.append(" value=").toString());
        }

        @Override
        public String path() {
            return "/write?precision=ms";
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("Content-Type", "text/plain");
        }

        @Override
        public void add(int host, double[] row, long epochMillis) {
            byte[][] all = prefixes.get(host);
            byte[] time = utf8(" " + epochMillis + "\n");
            for (int i = 0; i < row.length; i++) {
                double value = Double.isFinite(row[i]) ? row[i] : 0;
                byte[] number = utf8(
                        value == Math.rint(value) && Math.abs(value) < 1e15
                                ? Long.toString((long) value)
                                : Double.toString(value));
                out.writeBytes(all[i], 0, all[i].length);
                out.writeBytes(number, 0, number.length);
                out.writeBytes(time, 0, time.length);
            }
        }

        @Override
        public byte[] toBody() {
            byte[] body = out.toByteArray();
            out.clear();
            return body;
        }
    }
}
