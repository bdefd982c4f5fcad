package io.auspex.system.bench;

import io.auspex.series.Labels;
import java.util.List;
import java.util.Map;

/**
 * How one protocol writes the scrapes of some hosts into a request. What does not change from scrape to scrape is made
 * once, so that the generator costs little. Belongs to one connection.
 */
interface RequestFormat {
    /** The protocols, as rows of the benchmark. */
    enum Protocol {
        REMOTE_WRITE_1("remote write 1.0"),
        REMOTE_WRITE_2("remote write 2.0"),
        OTLP("OTLP protobuf"),
        INFLUX("Influx lines");

        private final String title;

        Protocol(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** @param hosts labels of each series of each host that a connection may send */
        RequestFormat create(List<List<Labels>> hosts) {
            return switch (this) {
                case REMOTE_WRITE_1 -> new Formats.RemoteWrite1(hosts);
                case REMOTE_WRITE_2 -> new Formats.RemoteWrite2(hosts);
                case OTLP -> new Formats.Otlp(hosts);
                case INFLUX -> new Formats.Influx(hosts);
            };
        }
    }

    String path();

    Map<String, String> headers();

    /** Adds a scrape of a host: one sample for each of its series. */
    void add(int host, double[] row, long epochMillis);

    /** The request; empty afterwards. */
    byte[] toBody();
}
