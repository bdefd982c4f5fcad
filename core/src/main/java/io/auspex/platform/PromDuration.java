package io.auspex.platform;

/** Prometheus durations: digits and units from years to milliseconds, biggest first, as in {@code 1h30m}. */
public final class PromDuration {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {
        365L * 24 * 3_600_000, 7L * 24 * 3_600_000, 24L * 3_600_000, 3_600_000, 60_000, 1_000, 1
    };

    /** What the reference's 63 bits of nanoseconds hold, about 292 years. */
    private static final long MAX_MILLIS = Long.MAX_VALUE / 1_000_000;

    private PromDuration() {}

    /**
     * The milliseconds of a duration.
     *
     * @throws AuspexException BAD_DATA, with the reference's message, when it is none
     */
    public static long parseMillis(String text) {
        if (text.equals("0")) {
            return 0;
        }
        if (text.isEmpty()) {
            throw bad("empty duration string");
        }
        long total = 0;
        int lastUnit = -1;
        int i = 0;
        while (i < text.length()) {
            int digits = i;
            while (i < text.length() && isDigit(text.charAt(i))) {
                i++;
            }
            int letters = i;
            while (i < text.length() && !isDigit(text.charAt(i))) {
                i++;
            }
            if (letters == digits || i == letters || letters - digits > 19) {
                throw bad("not a valid duration string: " + GoQuote.string(text));
            }
            int unit = unit(text, text.substring(letters, i));
            if (unit <= lastUnit) {
                throw bad("not a valid duration string: " + GoQuote.string(text));
            }
            lastUnit = unit;
            total = add(total, text.substring(digits, letters), MILLIS[unit]);
        }
        return total;
    }

    private static int unit(String text, String name) {
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (UNITS[unit].equals(name)) {
                return unit;
            }
        }
        throw bad("unknown unit " + GoQuote.string(name) + " in duration " + GoQuote.string(text));
    }

    private static long add(long total, String digits, long unitMillis) {
        double rough = total + Double.parseDouble(digits) * unitMillis;
        if (rough > MAX_MILLIS) {
            throw bad("duration out of range");
        }
        return total + Long.parseLong(digits) * unitMillis;
    }

    /** A duration as the reference prints it; years and weeks only when nothing remains. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long rest = Math.abs(millis);
        for (int unit = 0; unit < UNITS.length; unit++) {
            boolean mustBeExact = unit < 2;
            if (mustBeExact && rest % MILLIS[unit] != 0) {
                continue;
            }
            long count = rest / MILLIS[unit];
            if (count > 0) {
                text.append(count).append(UNITS[unit]);
                rest -= count * MILLIS[unit];
            }
        }
        return text.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static AuspexException bad(String message) {
        return new AuspexException(Code.BAD_DATA, message);
    }
}
