package io.auspex.promql;

import java.math.BigInteger;

/**
 * Decimal text of doubles with the fewest digits that read back as the same double, closest first.
 *
 * <p>The algorithm is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles"), because that of the
 * JDK before release 19 may print a digit too many and allocates. Two layouts of the reference are offered:
 * {@link #appendPlain} never has an exponent, {@link #appendJson} has one below 1e-6 and from 1e21 on.
 */
public final class ShortestDecimal {
    /** More than any text has: sign, 309 digits or 0. with 324. */
    public static final int MAX_LENGTH = 345;

    private static final int PRECISION = 53;
    private static final long FRACTION_MASK = (1L << (PRECISION - 1)) - 1;
    private static final long HIDDEN_BIT = 1L << (PRECISION - 1);
    private static final int EXPONENT_MASK = 0x7ff;
    private static final int MIN_BINARY_EXPONENT = -1074;
    private static final long MASK_63 = Long.MAX_VALUE;

    /** Below it a thousandth has at most 15 digits. */
    private static final double THOUSANDTHS_BELOW = 1e12;

    private static final int MIN_POWER = -324;
    private static final int MAX_POWER = 292;

    /**
     * For each power of ten 10^-k, scaled by a power of two into 126 bits and rounded up: the upper and the
     * lower 63 of those bits.
     */
    private static final long[] POWERS = powers();

    private ShortestDecimal() {}

    private static long[] powers() {
        long[] table = new long[2 * (MAX_POWER - MIN_POWER + 1)];
        for (int k = MIN_POWER; k <= MAX_POWER; k++) {
            BigInteger scaled;
            int shift = 125 - floorLog2OfPower10(-k);
            if (k <= 0) {
                BigInteger power = BigInteger.TEN.pow(-k);
                scaled = shift >= 0 ? power.shiftLeft(shift) : power.shiftRight(-shift);
            } else {
                scaled = BigInteger.ONE.shiftLeft(shift).divide(BigInteger.TEN.pow(k));
            }
            BigInteger g = scaled.add(BigInteger.ONE);
            table[2 * (k - MIN_POWER)] = g.shiftRight(63).longValueExact();
            table[2 * (k - MIN_POWER) + 1] = g.longValue() & MASK_63;
        }
        return table;
    }

    /** {@code floor(log10(2^e))}. */
    private static int floorLog10OfPower2(int e) {
        return (int) ((e * 661_971_961_083L) >> 41);
    }

    /** {@code floor(log10(3/4 * 2^e))}. */
    private static int floorLog10OfThreeQuarters(int e) {
        return (int) ((e * 661_971_961_083L - 274_743_187_321L) >> 41);
    }

    /** {@code floor(log2(10^e))}. */
    private static int floorLog2OfPower10(int e) {
        return (int) ((e * 913_124_641_741L) >> 38);
    }

    /** The text without an exponent, as {@code strconv.FormatFloat(v, 'f', -1, 64)}. */
    public static String plain(double value) {
        byte[] text = new byte[MAX_LENGTH];
        return new String(text, 0, 0, appendPlain(value, text, 0));
    }

    /** The text as the HTTP API writes sample values. */
    public static String json(double value) {
        byte[] text = new byte[MAX_LENGTH];
        return new String(text, 0, 0, appendJson(value, text, 0));
    }

    /** Writes {@link #plain} in ASCII, {@link #MAX_LENGTH} bytes at most; the end of what was written. */
    public static int appendPlain(double value, byte[] into, int at) {
        return append(value, into, at, false);
    }

    /** Writes {@link #json} in ASCII, {@link #MAX_LENGTH} bytes at most; the end of what was written. */
    public static int appendJson(double value, byte[] into, int at) {
        double magnitude = Math.abs(value);
        return append(value, into, at, magnitude < 1e-6 || magnitude >= 1e21);
    }

    private static int append(double value, byte[] into, int start, boolean exponent) {
        if (Double.isNaN(value)) {
            return ascii("NaN", into, start);
        }
        if (Double.isInfinite(value)) {
            return ascii(value > 0 ? "+Inf" : "-Inf", into, start);
        }
        int at = start;
        long bits = Double.doubleToRawLongBits(value);
        if (bits < 0) {
            into[at++] = '-';
        }
        if (value == 0) {
            into[at++] = '0';
            return at;
        }
        double magnitude = Math.abs(value);
        long whole = (long) magnitude;
        if (whole == magnitude && whole < HIDDEN_BIT) {
            return DecimalDigits.write(whole, into, at);
        }
        if (!exponent && magnitude < THOUSANDTHS_BELOW) {
            // at most 15 digits that read back as the value are its shortest decimal: no two such mean the same double
            long thousandths = (long) (magnitude * 1000 + 0.5);
            if (thousandths / 1000.0 == magnitude) {
                int end = DecimalDigits.write(thousandths / 1000, into, at);
                return fraction((int) (thousandths % 1000), into, end);
            }
        }
        return decimal(bits, into, at, exponent);
    }

    private static int fraction(int thousandths, byte[] into, int start) {
        int at = start;
        into[at++] = '.';
        into[at++] = (byte) ('0' + thousandths / 100);
        if (thousandths % 100 != 0) {
            into[at++] = (byte) ('0' + thousandths / 10 % 10);
            if (thousandths % 10 != 0) {
                into[at++] = (byte) ('0' + thousandths % 10);
            }
        }
        return at;
    }

    private static int ascii(String text, byte[] into, int at) {
        text.getBytes(0, text.length(), into, at);
        return at + text.length();
    }

    private static int decimal(long bits, byte[] into, int at, boolean exponent) {
        int biased = (int) (bits >>> (PRECISION - 1)) & EXPONENT_MASK;
        long fraction = bits & FRACTION_MASK;
        int q = biased == 0 ? MIN_BINARY_EXPONENT : MIN_BINARY_EXPONENT - 1 + biased;
        long c = biased == 0 ? fraction : HIDDEN_BIT | fraction;
        boolean irregular = c == HIDDEN_BIT && q != MIN_BINARY_EXPONENT;
        int k = irregular ? floorLog10OfThreeQuarters(q) : floorLog10OfPower2(q);
        long significand = shortest(c, q, k, irregular);
        int power = k;
        while (significand % 10 == 0) {
            significand /= 10;
            power++;
        }
        return exponent ? scientific(significand, power, into, at) : positional(significand, power, into, at);
    }

    /** The integer d such that d * 10^k, trailing zeros of d aside, is the shortest decimal of c * 2^q. */
    private static long shortest(long c, int q, int k, boolean irregular) {
        long odd = c & 1;
        long middle = c << 2;
        long upper = middle + 2;
        long lower = irregular ? middle - 1 : middle - 2;
        int h = q + floorLog2OfPower10(-k) + 2;
        long g1 = POWERS[2 * (k - MIN_POWER)];
        long g0 = POWERS[2 * (k - MIN_POWER) + 1];
        long vb = roundToOdd(g1, g0, middle << h);
        long vbl = roundToOdd(g1, g0, lower << h);
        long vbr = roundToOdd(g1, g0, upper << h);
        long s = vb >> 2;
        if (s >= 10) {
            long below = 10 * (s / 10);
            long above = below + 10;
            boolean belowFits = vbl + odd <= below << 2;
            boolean aboveFits = (above << 2) + odd <= vbr;
            if (belowFits != aboveFits) {
                return belowFits ? below : above;
            }
        }
        long t = s + 1;
        boolean sFits = vbl + odd <= s << 2;
        boolean tFits = (t << 2) + odd <= vbr;
        if (sFits != tFits) {
            return sFits ? s : t;
        }
        long distance = vb - ((s + t) << 1);
        return distance < 0 || (distance == 0 && (s & 1) == 0) ? s : t;
    }

    private static long roundToOdd(long g1, long g0, long cp) {
        long x1 = Math.multiplyHigh(g0, cp);
        long y0 = g1 * cp;
        long y1 = Math.multiplyHigh(g1, cp);
        long z = (y0 >>> 1) + x1;
        long w = y1 + (z >>> 63);
        return w | (((z & MASK_63) + MASK_63) >>> 63);
    }

    /** Lays out a significand times a power of ten without exponent. */
    private static int positional(long significand, int power, byte[] into, int at) {
        int length = DecimalDigits.count(significand);
        if (power >= 0) {
            int end = DecimalDigits.write(significand, into, at);
            java.util.Arrays.fill(into, end, end + power, (byte) '0');
            return end + power;
        }
        int whole = length + power;
        if (whole > 0) {
            int end = DecimalDigits.write(significand, length, into, at + 1);
            for (int i = at; i < at + whole; i++) {
                into[i] = into[i + 1];
            }
            into[at + whole] = '.';
            return end;
        }
        into[at] = '0';
        into[at + 1] = '.';
        java.util.Arrays.fill(into, at + 2, at + 2 - whole, (byte) '0');
        return DecimalDigits.write(significand, length, into, at + 2 - whole);
    }

    /** Lays out a significand times a power of ten as {@code d.ddde+XX}. */
    private static int scientific(long significand, int power, byte[] into, int at) {
        int end = DecimalDigits.write(significand, into, at);
        int length = end - at;
        if (length > 1) {
            System.arraycopy(into, at + 1, into, at + 2, length - 1);
            into[at + 1] = '.';
            end++;
        }
        int exponent = power + length - 1;
        into[end++] = 'e';
        into[end++] = (byte) (exponent < 0 ? '-' : '+');
        if (Math.abs(exponent) < 10) {
            into[end++] = '0';
        }
        return DecimalDigits.write(Math.abs(exponent), into, end);
    }
}
