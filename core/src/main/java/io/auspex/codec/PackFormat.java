package io.auspex.codec;

import java.util.zip.CRC32C;

/** The fixed parts of a pack; docs/format/pack.md draws them. */
final class PackFormat {
    static final int MAGIC = 0xaa;
    static final int KIND = 'P';
    static final int VERSION = 1;

    /** Magic, kind, version, reserved; length of the directory; its checksum. */
    static final int HEADER = 12;

    private PackFormat() {}

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Reads the header and returns the length of the directory behind it. */
    static int readHeader(ByteReader in) {
        if (in.remaining() < HEADER || in.readByte() != MAGIC || in.readByte() != KIND) {
            throw FormatException.corrupt("not a pack");
        }
        FormatException.checkVersion("pack", in.readByte(), VERSION, VERSION);
        in.readByte();
        int length = in.readInt();
        if (length < 0) {
            throw FormatException.corrupt("directory of " + length + " bytes");
        }
        return length;
    }
}
