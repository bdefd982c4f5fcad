package io.auspex.ingest;

import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;

/**
 * Prints what the steps of {@link IngestBench} cost in CPU time of the thread, which a busy machine hardly changes
 * ({@code ./dev bench cpu}).
 */
public final class CpuReport {
    private static final long WARM_UP = 4_000_000_000L;
    private static final long MEASURED = 4_000_000_000L;

    private CpuReport() {}

    public static void main(String[] arguments) {
        IngestBench bench = new IngestBench();
        bench.register();
        System.out.println("step                      ns/sample   M samples per CPU-second");
        report("inflate", bench::inflate);
        report("inflate (aircompressor)", bench::inflateWithAircompressor);
        report("decode", bench::decode);
        report("encode log record", () -> bench.encodeLog().length);
        report("append", bench::append);
        report("decode, log, append", bench::decodeLogAppend);
    }

    private static void report(String step, IntSupplier work) {
        run(work, WARM_UP);
        double nanos = run(work, MEASURED);
        System.out.printf("%-25s %9.0f   %8.2f%n", step, nanos, 1e3 / nanos);
    }

    private static double run(IntSupplier work, long nanos) {
        long started = cpu();
        long samples = 0;
        long sum = 0;
        while (cpu() - started < nanos) {
            for (int i = 0; i < 10; i++) {
                sum += work.getAsInt();
            }
            samples += 10L * IngestBench.PER_BODY;
        }
        if (sum == 42) {
            System.out.print(' ');
        }
        return (double) (cpu() - started) / samples;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
