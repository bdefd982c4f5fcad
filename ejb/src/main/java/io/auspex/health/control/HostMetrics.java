package io.auspex.health.control;

import io.auspex.platform.MeterType;
import io.auspex.platform.Meters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CPU, memory, disk, network and file systems of the host, read from Linux' {@code /proc}, under the names of
 * the Prometheus node exporter, so that dashboards and rules made for it work unchanged.
 *
 * <p>What a host does not offer is left out.
 */
final class HostMetrics implements Meters.Collector {
    private static final System.Logger LOG = System.getLogger(HostMetrics.class.getName());

    /** Kernel clock ticks a second in {@code /proc/stat}: USER_HZ, 100 on every Linux platform Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final double SECTOR_BYTES = 512;
    private static final List<String> CPU_MODES =
            List.of("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal");
    private static final Set<String> REAL_FILE_SYSTEMS =
            Set.of("ext4", "ext3", "xfs", "btrfs", "zfs", "overlay", "f2fs");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern WHOLE_DISK = Pattern.compile("(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\\d+n\\d+|mmcblk\\d+)");
    private static final Pattern MEMORY_LINE = Pattern.compile("(\\w+)(?:\\((\\w+)\\))?:\\s+(\\d+)(?: (kB))?");

    private final Path proc;

    HostMetrics(Path proc) {
        this.proc = proc;
    }

    @Override
    public void collect(Meters.Sink sink) {
        cpu(lines("stat"), sink);
        load(lines("loadavg"), sink);
        memory(lines("meminfo"), sink);
        disks(lines("diskstats"), sink);
        network(lines("net/dev"), sink);
        fileSystems(sink);
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "host metrics not readable file={0} reason={1}", file, e.getMessage());
            return List.of();
        }
    }

    private static void cpu(List<String> stat, Meters.Sink sink) {
        if (stat.isEmpty()) {
            return;
        }
        sink.family("node_cpu_seconds_total", MeterType.COUNTER, "Seconds the CPUs spent in each mode.");
        for (String line : stat) {
            String[] fields = SPACES.split(line, -1);
            if (fields[0].matches("cpu\\d+")) {
                for (int mode = 0; mode < CPU_MODES.size() && mode + 1 < fields.length; mode++) {
                    String[] labels = {"cpu", fields[0].substring(3), "mode", CPU_MODES.get(mode)};
                    sink.sample("", labels, Double.parseDouble(fields[mode + 1]) / TICKS_PER_SECOND);
                }
            }
        }
        scalar(stat, "ctxt", "node_context_switches_total", MeterType.COUNTER, "Context switches.", sink);
        scalar(stat, "btime", "node_boot_time_seconds", MeterType.GAUGE, "Unix time of the last boot.", sink);
        scalar(stat, "procs_running", "node_procs_running", MeterType.GAUGE, "Processes ready to run.", sink);
        scalar(stat, "procs_blocked", "node_procs_blocked", MeterType.GAUGE, "Processes waiting for I/O.", sink);
    }

    private static void scalar(
            List<String> stat, String key, String name, MeterType type, String help, Meters.Sink sink) {
        for (String line : stat) {
            if (line.startsWith(key + " ")) {
                sink.family(name, type, help);
                sink.sample("", new String[0], Double.parseDouble(SPACES.split(line, -1)[1]));
            }
        }
    }

    private static void load(List<String> loadavg, Meters.Sink sink) {
        if (loadavg.isEmpty()) {
            return;
        }
        String[] fields = SPACES.split(loadavg.get(0), -1);
        String[] names = {"node_load1", "node_load5", "node_load15"};
        for (int i = 0; i < names.length; i++) {
            sink.family(names[i], MeterType.GAUGE, names[i].substring("node_load".length()) + "m load average.");
            sink.sample("", new String[0], Double.parseDouble(fields[i]));
        }
    }

    private static void memory(List<String> meminfo, Meters.Sink sink) {
        for (String line : meminfo) {
            Matcher matcher = MEMORY_LINE.matcher(line);
            if (matcher.matches()) {
                boolean kibibytes = matcher.group(4) != null;
                String field = matcher.group(1) + (matcher.group(2) == null ? "" : "_" + matcher.group(2));
                sink.family(
                        "node_memory_" + field + (kibibytes ? "_bytes" : ""),
                        MeterType.GAUGE,
                        "Memory information field " + field + ".");
                sink.sample("", new String[0], Double.parseDouble(matcher.group(3)) * (kibibytes ? 1024 : 1));
            }
        }
    }

    /** Columns of {@code /proc/diskstats} (kernel documentation, admin-guide/iostats) with their scale. */
    private enum DiskColumn {
        READS(3, "node_disk_reads_completed_total", "Reads completed.", 1),
        READ_BYTES(5, "node_disk_read_bytes_total", "Bytes read.", SECTOR_BYTES),
        READ_TIME(6, "node_disk_read_time_seconds_total", "Seconds spent by all reads.", 1e-3),
        WRITES(7, "node_disk_writes_completed_total", "Writes completed.", 1),
        WRITTEN_BYTES(9, "node_disk_written_bytes_total", "Bytes written.", SECTOR_BYTES),
        WRITE_TIME(10, "node_disk_write_time_seconds_total", "Seconds spent by all writes.", 1e-3),
        IO_TIME(12, "node_disk_io_time_seconds_total", "Seconds spent doing I/O.", 1e-3);

        private final int column;
        private final String metric;
        private final String help;
        private final double scale;

        DiskColumn(int column, String metric, String help, double scale) {
            this.column = column;
            this.metric = metric;
            this.help = help;
            this.scale = scale;
        }
    }

    private static void disks(List<String> diskstats, Meters.Sink sink) {
        for (DiskColumn column : DiskColumn.values()) {
            boolean declared = false;
            for (String line : diskstats) {
                String[] fields = SPACES.split(line.strip(), -1);
                if (fields.length > column.column
                        && WHOLE_DISK.matcher(fields[2]).matches()) {
                    if (!declared) {
                        sink.family(column.metric, MeterType.COUNTER, column.help);
                        declared = true;
                    }
                    sink.sample(
                            "",
                            new String[] {"device", fields[2]},
                            Double.parseDouble(fields[column.column]) * column.scale);
                }
            }
        }
    }

    private static void network(List<String> dev, Meters.Sink sink) {
        Map<String, Integer> columns = new TreeMap<>(Map.of(
                "node_network_receive_bytes_total", 1,
                "node_network_receive_packets_total", 2,
                "node_network_receive_errs_total", 3,
                "node_network_transmit_bytes_total", 9,
                "node_network_transmit_packets_total", 10,
                "node_network_transmit_errs_total", 11));
        if (dev.size() <= 2) {
            return;
        }
        columns.forEach((metric, column) -> {
            sink.family(
                    metric,
                    MeterType.COUNTER,
                    "Network device statistic " + metric.substring("node_network_".length()) + ".");
            for (String line : dev.subList(2, dev.size())) {
                String[] fields = SPACES.split(line.strip().replaceFirst(":", " "), -1);
                sink.sample("", new String[] {"device", fields[0]}, Double.parseDouble(fields[column]));
            }
        });
    }

    private static void fileSystems(Meters.Sink sink) {
        Map<String, FileStore> mounted = new TreeMap<>();
        for (FileStore store : FileSystems.getDefault().getFileStores()) {
            // FileStore's text is "mount point (device)"
            String mountPoint = store.toString().replaceFirst(" \\([^)]*\\)$", "");
            if (REAL_FILE_SYSTEMS.contains(store.type())) {
                mounted.put(mountPoint, store);
            }
        }
        space("node_filesystem_size_bytes", "File system size.", mounted, FileStore::getTotalSpace, sink);
        space("node_filesystem_free_bytes", "File system free space.", mounted, FileStore::getUnallocatedSpace, sink);
        space(
                "node_filesystem_avail_bytes",
                "Space available to non-root users.",
                mounted,
                FileStore::getUsableSpace,
                sink);
    }

    @FunctionalInterface
    private interface Space {
        long of(FileStore store) throws IOException;
    }

    private static void space(
            String metric, String help, Map<String, FileStore> mounted, Space space, Meters.Sink sink) {
        if (mounted.isEmpty()) {
            return;
        }
        sink.family(metric, MeterType.GAUGE, help);
        mounted.forEach((mountPoint, store) -> {
            try {
                String[] labels = {"device", store.name(), "fstype", store.type(), "mountpoint", mountPoint};
                sink.sample("", labels, space.of(store));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "file system not readable mountpoint={0}", mountPoint);
            }
        });
    }
}
