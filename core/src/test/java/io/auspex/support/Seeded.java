package io.auspex.support;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Runs a property many times, each run from a seed of its own; {@code -Dauspex.seed=N} replays a failure.
 *
 * <p>The seeds are the same at every build, so that a build fails by its change and not by chance;
 * {@code -Dauspex.runs} and {@code -Dauspex.seeds-from} look further.
 */
public final class Seeded {
    private static final int RUNS = Integer.getInteger("auspex.runs", 200);
    private static final long FIRST_SEED = Long.getLong("auspex.seeds-from", 20_261_121L);

    private Seeded() {}

    public static void forAll(Consumer<RandomGenerator> property) {
        forAll(RUNS, property);
    }

    /** For properties that take long: at most so many runs. */
    public static void forAll(int atMost, Consumer<RandomGenerator> property) {
        long first = Long.getLong("auspex.seed", FIRST_SEED);
        int runs = System.getProperty("auspex.seed") == null ? Math.min(atMost, RUNS) : 1;
        for (int run = 0; run < runs; run++) {
            long seed = first + run;
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("falsified; replay with -Dauspex.seed=" + seed, e);
            }
        }
    }
}
