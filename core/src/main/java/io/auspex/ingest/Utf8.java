package io.auspex.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are UTF-8 as Unicode defines it: shortest form, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    static boolean isValid(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (end - at >= Long.BYTES && ((long) LONG.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < end) {
            int first = bytes[at];
            int more =
                    first >= 0 ? 0 : first < (byte) 0xc2 ? -1 : first < (byte) 0xe0 ? 1 : first < (byte) 0xf0 ? 2 : 3;
            if (more < 0
                    || (first > (byte) 0xf4 && first < 0)
                    || end - at <= more
                    || !continues(bytes, at, first, more)) {
                return false;
            }
            at += 1 + more;
        }
        return true;
    }

    private static boolean continues(byte[] bytes, int at, int first, int more) {
        for (int i = 1; i <= more; i++) {
            if (bytes[at + i] >= (byte) 0xc0) {
                return false;
            }
        }
        if (more < 2) {
            return true;
        }
        int second = bytes[at + 1] & 0xff;
        return switch (first & 0xff) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
