package io.auspex.series;

import java.util.HashSet;
import java.util.Set;

/**
 * What a selection has read, by tier.
 *
 * @param headSamples samples that came from memory
 * @param packedSamples samples that came from packs
 * @param chunks chunks of one series each that were decoded for them
 * @param packs packs that were read, wherever they lay
 * @param packBytes their bytes
 * @param fetchNanos how long fetching took
 * @param tiers which tiers gave something
 */
public record ReadCost(
        long headSamples,
        long packedSamples,
        long chunks,
        long packs,
        long packBytes,
        long fetchNanos,
        Set<Tier> tiers) {
    /** Nothing was read, or nobody counted. */
    public static final ReadCost NONE = new ReadCost(0, 0, 0, 0, 0, 0, Set.of());

    public ReadCost {
        tiers = Set.copyOf(tiers);
    }

    /** Of samples as they came. */
    public ReadCost(long headSamples, long packedSamples, long chunks, long packs, long packBytes, long fetchNanos) {
        this(
                headSamples,
                packedSamples,
                chunks,
                packs,
                packBytes,
                fetchNanos,
                headSamples + packedSamples > 0 ? Set.of(Tier.RAW) : Set.of());
    }

    public ReadCost plus(ReadCost other) {
        Set<Tier> all = new HashSet<>(tiers);
        all.addAll(other.tiers);
        return new ReadCost(
                headSamples + other.headSamples,
                packedSamples + other.packedSamples,
                chunks + other.chunks,
                packs + other.packs,
                packBytes + other.packBytes,
                fetchNanos + other.fetchNanos,
                all);
    }
}
