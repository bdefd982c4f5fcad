package io.auspex.health.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.Meters;
import io.auspex.platform.TextExposition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostMetricsTest {
    @TempDir
    Path proc;

    private final Meters meters = new Meters();

    @BeforeEach
    void aSmallHost() throws IOException {
        Files.writeString(proc.resolve("stat"), """
                cpu  300 0 40 5000 7 0 1 2 0 0
                cpu0 100 0 10 2000 3 0 0 1 0 0
                cpu1 200 0 30 3000 4 0 1 1 0 0
                ctxt 4711
                btime 1700000000
                procs_running 3
                procs_blocked 1
                """);
        Files.writeString(proc.resolve("loadavg"), "0.50 0.25 0.10 2/345 6789\n");
        Files.writeString(
                proc.resolve("meminfo"),
                "MemTotal:       16000 kB\nMemAvailable:    8000 kB\nHugePages_Total:       3\nActive(anon):      12 kB\n");
        Files.writeString(
                proc.resolve("diskstats"),
                " 253 0 vda 10 0 20 30 40 0 50 60 0 70 80 0 0 0 0\n 253 1 vda1 1 0 2 3 4 0 5 6 0 7 8 0 0 0 0\n");
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(
                proc.resolve("net/dev"),
                "Inter-| Receive | Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs\n"
                        + "  eth0:1000 20 1 0 0 0 0 0 3000 40 2 0 0 0 0 0\n");
        meters.collect(new HostMetrics(proc));
    }

    @Test
    void collect_readsEveryPartOfTheHost() {
        assertThat(TextExposition.prometheus(meters).lines())
                .contains(
                        "node_cpu_seconds_total{cpu=\"1\",mode=\"user\"} 2",
                        "node_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"} 0.03",
                        "node_context_switches_total 4711",
                        "node_load5 0.25",
                        "node_memory_MemAvailable_bytes 8192000",
                        "node_memory_HugePages_Total 3",
                        "node_memory_Active_anon_bytes 12288",
                        "node_disk_read_bytes_total{device=\"vda\"} 10240",
                        "node_disk_io_time_seconds_total{device=\"vda\"} 0.07",
                        "node_network_receive_bytes_total{device=\"eth0\"} 1000",
                        "node_network_transmit_errs_total{device=\"eth0\"} 2");
    }

    @Test
    void collect_leavesPartitionsAndTheSumOfCpusOut() {
        assertThat(TextExposition.prometheus(meters)).doesNotContain("vda1").doesNotContain("cpu=\"\"");
    }

    @Test
    void collect_goesOn_whenTheHostOffersNothing() throws IOException {
        Meters empty = new Meters();
        empty.collect(new HostMetrics(Files.createDirectory(proc.resolve("nothing"))));

        assertThat(TextExposition.prometheus(empty)).doesNotContain("node_cpu").doesNotContain("node_memory");
    }
}
