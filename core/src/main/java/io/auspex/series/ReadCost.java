package io.auspex.series;

/**
 * What a selection has read, by tier.
 *
 * @param headSamples samples that came from memory
 * @param packedSamples samples that came from packs
 * @param chunks chunks of one series each that were decoded for them
 * @param packs packs that were read, wherever they lay
 * @param packBytes their bytes
 * @param fetchNanos how long fetching took
 */
public record ReadCost(long headSamples, long packedSamples, long chunks, long packs, long packBytes, long fetchNanos) {
    /** Nothing was read, or nobody counted. */
    public static final ReadCost NONE = new ReadCost(0, 0, 0, 0, 0, 0);

    public ReadCost plus(ReadCost other) {
        return new ReadCost(
                headSamples + other.headSamples,
                packedSamples + other.packedSamples,
                chunks + other.chunks,
                packs + other.packs,
                packBytes + other.packBytes,
                fetchNanos + other.fetchNanos);
    }
}
