package io.auspex.series.control;

import io.auspex.series.ReadCost;
import io.auspex.series.SampleColumn;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Series of one segment in a selection, which are decoded together. The mutable state belongs to {@link DecodeAhead}. */
final class SeriesGroup {
    final long segment;

    /** Where its series begin in the selection, and how many they are. */
    final int start;

    final int size;

    /** What is stored of it; dropped once it is decoded. */
    List<PackStore.Pack> packs = List.of();

    /** Of each series, the begins of the days of which packs have samples; empty when nobody wants to know. */
    List<Set<Long>> rawDays = List.of();

    /** Samples that its packs have, about. */
    long packedSamples;

    /** A column for each series, and perhaps more. */
    List<SampleColumn> columns = List.of();

    /** What decoding it has read. */
    ReadCost cost = ReadCost.NONE;

    boolean claimed;
    boolean decoded;

    @Nullable
    Throwable failure;

    SeriesGroup(long segment, int start, int size) {
        this.segment = segment;
        this.start = start;
        this.size = size;
    }
}
