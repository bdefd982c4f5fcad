package io.auspex.series.control;

import io.auspex.series.Head;
import java.util.concurrent.Executor;

/**
 * Where the samples of a node's tenants are found.
 *
 * @param readers keep what they see of the head from being released
 * @param helpers decode ahead of queries; refuses when all of its threads are at work
 */
record SampleSources(
        Head head,
        SeriesRegistry registry,
        PackStore packs,
        HeadFlush flush,
        ReadEpochs readers,
        Executor helpers,
        TierStore tiers) {}
