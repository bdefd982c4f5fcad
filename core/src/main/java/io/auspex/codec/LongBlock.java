package io.auspex.codec;

import java.util.Arrays;

/**
 * A run of integers, made small: a transform (none, differences, second differences, distance from a grid), then
 * frame of reference or zigzag, then one bit width with the few larger ones patched in (PFOR).
 *
 * <p>Arithmetic wraps, so any longs come back. The number of integers is not stored. Layout in
 * docs/format/chunk.md. Keeps scratch space; not thread-safe.
 */
final class LongBlock {
    /** A bound on what a caller may ask for, so that a damaged count cannot allocate the heap. */
    static final int MAX_COUNT = 1 << 22;

    private static final int PLAIN = 0;
    private static final int DELTA = 1;
    private static final int DELTA2 = 2;
    private static final int GRID = 3;
    private static final int ZIGZAG = 4;
    private static final int PATCHED = 8;

    /** Integers of which a line pays for being looked for. */
    private static final int LINE = 4;

    private final int[] byLength = new int[65];
    private final int[] byZigzagLength = new int[65];
    private long[] residuals = new long[128];

    private int transform;
    private boolean zigzag;
    private int width;
    private long base;
    private long step;
    private long cost;

    /** Chooses the form of {@code values[0..count)} and returns its size in bits. */
    long plan(long[] values, int count) {
        cost = Long.MAX_VALUE;
        if (isLine(values, count)) {
            return cost;
        }
        tryTransform(PLAIN, values, count, 0);
        if (width != 0 || cost > 64) {
            tryTransform(DELTA, values, count, 0);
        }
        if (count > 2 && width != 0) {
            tryTransform(DELTA2, values, count, 0);
            long common = commonDifference(values, count);
            if (common != 0) {
                tryTransform(GRID, values, count, common);
            }
        }
        return cost;
    }

    /**
     * Chooses between plain integers and differences, without patches: takes a fraction of the time of {@link #plan} and
     * a few more bits; for what is soon written anew.
     */
    void planQuickly(long[] values, int count) {
        cost = Long.MAX_VALUE;
        if (isLine(values, count)) {
            return;
        }
        long least = values[0];
        long most = least;
        long leastStep = count > 1 ? Long.MAX_VALUE : 0;
        long mostStep = count > 1 ? Long.MIN_VALUE : 0;
        for (int i = 1; i < count; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
            leastStep = Math.min(leastStep, values[i] - values[i - 1]);
            mostStep = Math.max(mostStep, values[i] - values[i - 1]);
        }
        weigh(PLAIN, values, count, least, most);
        weigh(DELTA, values, count - 1, leastStep, mostStep);
    }

    /** Chooses differences of no width when all are the same, as with the times of a steady sender. */
    private boolean isLine(long[] values, int count) {
        if (count < LINE) {
            return false;
        }
        long difference = values[1] - values[0];
        for (int i = 2; i < count; i++) {
            if (values[i] - values[i - 1] != difference) {
                return false;
            }
        }
        boolean flat = difference == 0;
        transform = flat ? PLAIN : DELTA;
        zigzag = false;
        width = 0;
        base = flat ? values[0] : difference;
        step = 0;
        cost = 16 + leadBits(transform, values, count, 0) + bits(ByteWriter.zigzag(base));
        return true;
    }

    private void weigh(int candidate, long[] values, int rest, long least, long most) {
        int needed = 64 - Long.numberOfLeadingZeros(most - least);
        long total = 16 + leadBits(candidate, values, rest, 0) + bits(ByteWriter.zigzag(least)) + (long) rest * needed;
        if (total < cost) {
            cost = total;
            transform = candidate;
            zigzag = false;
            width = needed;
            base = least;
            step = 0;
        }
    }

    /** Writes what {@link #plan} or {@link #planQuickly} chose for the same values. */
    void write(long[] values, int count, ByteWriter out) {
        int lead = lead(transform);
        int rest = residuals(transform, values, count, step);
        int patches = finish(rest);
        out.writeByte(transform | (zigzag ? ZIGZAG : 0) | (patches > 0 ? PATCHED : 0));
        out.writeByte(width);
        if (lead > 0) {
            out.writeZigzag(values[0]);
        }
        if (transform == GRID) {
            out.writeZigzag(step);
        } else if (lead > 1 && count > 1) {
            out.writeZigzag(values[1] - values[0]);
        }
        if (!zigzag) {
            out.writeZigzag(base);
        }
        if (patches > 0) {
            writePatches(rest, patches, out);
        }
        BitPacking.pack(residuals, rest, width, out);
    }

    /** Reads the first {@code needed} of {@code count} integers, at least one, into {@code into[at..]}. */
    void read(ByteReader in, int count, int needed, long[] into, int at) {
        int form = in.readByte();
        int bits = in.readByte();
        if (form > 15 || bits > 64) {
            throw FormatException.corrupt("integer block of form " + form + " and width " + bits);
        }
        int kind = form & 3;
        int lead = Math.min(lead(kind), count);
        long first = lead(kind) > 0 ? in.readZigzag() : 0;
        long second = kind == GRID || (kind == DELTA2 && count > 1) ? in.readZigzag() : 0;
        boolean signed = (form & ZIGZAG) != 0;
        long reference = signed ? 0 : in.readZigzag();
        int rest = count - lead;
        int wanted = Math.max(0, needed - lead);
        if ((form & PATCHED) == 0) {
            BitPacking.unpack(in, rest, wanted, bits, into, at + lead);
        } else {
            readPatched(in, rest, wanted, bits, into, at + lead);
        }
        if (signed) {
            for (int i = at + lead; i < at + needed; i++) {
                into[i] = (into[i] >>> 1) ^ -(into[i] & 1);
            }
        }
        restore(kind, needed, first, second, reference, into, at);
    }

    /** Goes on behind {@code count} integers without reading them. */
    void skip(ByteReader in, int count) {
        int form = in.readByte();
        int bits = in.readByte();
        if (form > 15 || bits > 64) {
            throw FormatException.corrupt("integer block of form " + form + " and width " + bits);
        }
        int kind = form & 3;
        int leads = (lead(kind) > 0 ? 1 : 0) + (kind == GRID || (kind == DELTA2 && count > 1) ? 1 : 0);
        for (int i = (form & ZIGZAG) != 0 ? 0 : -1; i < leads; i++) {
            in.readVarint();
        }
        int rest = count - Math.min(lead(kind), count);
        if ((form & PATCHED) != 0) {
            skipPatches(in, rest, bits);
        }
        in.skip(BitPacking.packedLength(rest, bits));
    }

    private static int skipPatches(ByteReader in, int rest, int width) {
        if (width == 64) {
            throw FormatException.corrupt("patches on integers of full width");
        }
        int patches = in.readBounded(rest, "number of patches");
        for (int i = 0; i < 2 * patches; i++) {
            in.readVarint();
        }
        return patches;
    }

    private static void restore(int kind, int count, long first, long second, long reference, long[] into, int at) {
        int end = at + count;
        switch (kind) {
            case PLAIN -> {
                for (int i = at; i < end; i++) {
                    into[i] += reference;
                }
            }
            case DELTA -> {
                long value = first;
                into[at] = value;
                for (int i = at + 1; i < end; i++) {
                    value += into[i] + reference;
                    into[i] = value;
                }
            }
            case DELTA2 -> {
                long value = first;
                long difference = second;
                into[at] = value;
                for (int i = at + 1; i < end; i++) {
                    difference += i == at + 1 ? 0 : into[i] + reference;
                    value += difference;
                    into[i] = value;
                }
            }
            default -> {
                long value = first;
                into[at] = value;
                for (int i = at + 1; i < end; i++) {
                    value += second;
                    into[i] += value + reference;
                }
            }
        }
    }

    private static int lead(int transform) {
        return transform == PLAIN ? 0 : transform == DELTA2 ? 2 : 1;
    }

    private void tryTransform(int candidate, long[] values, int count, long gridStep) {
        int rest = residuals(candidate, values, count, gridStep);
        long least = rest == 0 ? 0 : Long.MAX_VALUE;
        for (int i = 0; i < rest; i++) {
            least = Math.min(least, residuals[i]);
        }
        countLengths(rest, least);
        long leads = leadBits(candidate, values, count, gridStep);
        consider(candidate, false, byLength, rest, leads + bits(ByteWriter.zigzag(least)), least, gridStep);
        if (least < 0) {
            countZigzagLengths(rest);
            consider(candidate, true, byZigzagLength, rest, leads, 0, gridStep);
        }
    }

    private static long leadBits(int candidate, long[] values, int count, long gridStep) {
        return switch (candidate) {
            case PLAIN -> 0;
            case DELTA -> bits(ByteWriter.zigzag(values[0]));
            case DELTA2 ->
                bits(ByteWriter.zigzag(values[0])) + (count > 1 ? bits(ByteWriter.zigzag(values[1] - values[0])) : 0);
            default -> bits(ByteWriter.zigzag(values[0])) + bits(ByteWriter.zigzag(gridStep));
        };
    }

    private static long bits(long varint) {
        return 8L * ByteWriter.varintLength(varint);
    }

    private void countLengths(int rest, long least) {
        Arrays.fill(byLength, 0);
        for (int i = 0; i < rest; i++) {
            byLength[64 - Long.numberOfLeadingZeros(residuals[i] - least)]++;
        }
    }

    private void countZigzagLengths(int rest) {
        Arrays.fill(byZigzagLength, 0);
        for (int i = 0; i < rest; i++) {
            byZigzagLength[64 - Long.numberOfLeadingZeros(ByteWriter.zigzag(residuals[i]))]++;
        }
    }

    /** Finds the cheapest width for a distribution of bit lengths: wider ones pay for themselves as patches. */
    private void consider(
            int candidate, boolean signed, int[] lengths, int rest, long fixed, long reference, long gridStep) {
        int longest = 64;
        while (longest > 0 && lengths[longest] == 0) {
            longest--;
        }
        for (int candidateWidth = longest; candidateWidth >= 0; candidateWidth--) {
            long total = fixed + 16 + (long) rest * candidateWidth;
            int patched = 0;
            for (int length = candidateWidth + 1; length <= longest; length++) {
                patched += lengths[length];
                total += (long) lengths[length] * (8 + 8L * ((length - candidateWidth + 6) / 7));
            }
            total += patched > 0 ? 8 : 0;
            if (total < cost) {
                cost = total;
                transform = candidate;
                zigzag = signed;
                width = candidateWidth;
                base = reference;
                step = gridStep;
            }
            if (patched > rest / 4) {
                return;
            }
        }
    }

    /** Fills {@link #residuals} and says how many there are. */
    private int residuals(int candidate, long[] values, int count, long gridStep) {
        if (residuals.length < count) {
            residuals = new long[Math.max(count, residuals.length * 2)];
        }
        long[] out = residuals;
        switch (candidate) {
            case PLAIN -> {
                System.arraycopy(values, 0, out, 0, count);
                return count;
            }
            case DELTA -> {
                for (int i = 1; i < count; i++) {
                    out[i - 1] = values[i] - values[i - 1];
                }
                return count - 1;
            }
            case DELTA2 -> {
                for (int i = 2; i < count; i++) {
                    out[i - 2] = values[i] - 2 * values[i - 1] + values[i - 2];
                }
                return Math.max(0, count - 2);
            }
            default -> {
                long grid = values[0];
                for (int i = 1; i < count; i++) {
                    grid += gridStep;
                    out[i - 1] = values[i] - grid;
                }
                return count - 1;
            }
        }
    }

    /** Brings the residuals into their unsigned form and counts those that do not fit the width. */
    private int finish(int rest) {
        int patches = 0;
        for (int i = 0; i < rest; i++) {
            long value = zigzag ? ByteWriter.zigzag(residuals[i]) : residuals[i] - base;
            residuals[i] = value;
            patches += width < 64 && value >>> width != 0 ? 1 : 0;
        }
        return patches;
    }

    private void writePatches(int rest, int patches, ByteWriter out) {
        out.writeVarint(patches);
        int previous = -1;
        for (int i = 0; i < rest; i++) {
            long high = residuals[i] >>> width;
            if (high != 0) {
                out.writeVarint(i - previous - 1);
                out.writeVarint(high);
                previous = i;
            }
        }
    }

    private static void readPatched(ByteReader in, int rest, int wanted, int width, long[] into, int at) {
        int before = in.position();
        int patches = skipPatches(in, rest, width);
        int listed = in.position();
        BitPacking.unpack(in, rest, wanted, width, into, at);
        ByteReader again = new ByteReader().reset(in.array(), before, listed - before);
        again.readVarint();
        int position = -1;
        for (int i = 0; i < patches; i++) {
            position += 1 + again.readBounded(rest, "gap between patches");
            if (position >= rest) {
                throw FormatException.corrupt("patch at " + position + " of " + rest);
            }
            long high = again.readVarint();
            if (position < wanted) {
                into[at + position] |= high << width;
            }
        }
    }

    /** The difference that more than half of the neighbours have, if there is one (Boyer and Moore's vote). */
    private static long commonDifference(long[] values, int count) {
        long candidate = 0;
        int votes = 0;
        for (int i = 1; i < count; i++) {
            long difference = values[i] - values[i - 1];
            if (votes == 0) {
                candidate = difference;
                votes = 1;
            } else {
                votes += difference == candidate ? 1 : -1;
            }
        }
        return candidate;
    }
}
