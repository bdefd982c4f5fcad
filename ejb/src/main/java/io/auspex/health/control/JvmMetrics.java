package io.auspex.health.control;

import io.auspex.platform.MeterType;
import io.auspex.platform.Meters;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** This process and its Java virtual machine, under the names of the Prometheus Java client. */
final class JvmMetrics implements Meters.Collector {
    private static final String[] NO_LABELS = {};

    private final Path proc;

    JvmMetrics(Path proc) {
        this.proc = proc;
    }

    @Override
    public void collect(Meters.Sink sink) {
        memory(sink);
        collections(sink);
        gauge(
                sink,
                "jvm_threads_current",
                "Live threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        gauge(
                sink,
                "jvm_classes_currently_loaded",
                "Loaded classes.",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        process(sink);
    }

    private static void memory(Meters.Sink sink) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        byArea(sink, "jvm_memory_used_bytes", "Used memory.", memory, MemoryUsage::getUsed);
        byArea(sink, "jvm_memory_committed_bytes", "Committed memory.", memory, MemoryUsage::getCommitted);
        byArea(sink, "jvm_memory_max_bytes", "Upper limit of memory, -1 without one.", memory, MemoryUsage::getMax);
    }

    private static void byArea(
            Meters.Sink sink, String name, String help, MemoryMXBean memory, ToDoubleFunction<MemoryUsage> figure) {
        sink.family(name, MeterType.GAUGE, help);
        sink.sample("", new String[] {"area", "heap"}, figure.applyAsDouble(memory.getHeapMemoryUsage()));
        sink.sample("", new String[] {"area", "nonheap"}, figure.applyAsDouble(memory.getNonHeapMemoryUsage()));
    }

    private static void collections(Meters.Sink sink) {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        sink.family("jvm_gc_collections_total", MeterType.COUNTER, "Garbage collections.");
        collectors.forEach(gc -> sink.sample("", new String[] {"gc", gc.getName()}, gc.getCollectionCount()));
        sink.family("jvm_gc_collection_seconds_total", MeterType.COUNTER, "Seconds spent in garbage collection.");
        collectors.forEach(gc -> sink.sample("", new String[] {"gc", gc.getName()}, gc.getCollectionTime() / 1e3));
    }

    private void process(Meters.Sink sink) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
            sink.family("process_cpu_seconds_total", MeterType.COUNTER, "CPU seconds of this process.");
            sink.sample("", NO_LABELS, unix.getProcessCpuTime() / 1e9);
            gauge(sink, "process_open_fds", "Open file descriptors.", unix.getOpenFileDescriptorCount());
            gauge(sink, "process_max_fds", "Limit of open file descriptors.", unix.getMaxFileDescriptorCount());
        }
        gauge(
                sink,
                "process_start_time_seconds",
                "Unix time at which this process began.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        double resident = residentBytes();
        if (resident > 0) {
            gauge(sink, "process_resident_memory_bytes", "Resident memory of this process.", resident);
        }
    }

    private double residentBytes() {
        try {
            for (String line : Files.readAllLines(proc.resolve("self/status"), StandardCharsets.UTF_8)) {
                if (line.startsWith("VmRSS:")) {
                    return Double.parseDouble(line.replaceAll("\\D+", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return 0; // not Linux: the figure is left out
        }
        return 0;
    }

    private static void gauge(Meters.Sink sink, String name, String help, double value) {
        sink.family(name, MeterType.GAUGE, help);
        sink.sample("", NO_LABELS, value);
    }
}
