package io.auspex.series.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of the spool, numbered in the order in which they were written. Written by one thread. */
final class SpoolFiles {
    private static final String SUFFIX = ".spool";

    private final Path directory;
    private long number;
    private @Nullable FileChannel open;
    private long openBytes;

    SpoolFiles(Path directory) {
        this.directory = directory;
    }

    /** Files that are not written any more, oldest first; those of an earlier process included. */
    synchronized List<Path> closed() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        Path current = open == null ? null : file(number);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(file -> file.getFileName().toString().endsWith(SUFFIX) && !file.equals(current))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    /** Appends records and returns when they are on the disk. What a failure leaves behind is a torn file's end. */
    synchronized void write(List<byte[]> records) throws IOException {
        FileChannel channel = open == null ? create() : open;
        try {
            ByteBuffer[] buffers = records.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
            long left = 0;
            for (ByteBuffer buffer : buffers) {
                left += buffer.remaining();
            }
            openBytes += left;
            while (left > 0) {
                left -= channel.write(buffers);
            }
            channel.force(false);
        } catch (IOException e) {
            // after a failed fsync nobody knows what is on the disk: nothing more goes into this file
            close();
            throw e;
        }
    }

    private FileChannel create() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            force(directory.toAbsolutePath().getParent());
        }
        List<Path> before = closed();
        if (!before.isEmpty()) {
            String last = before.get(before.size() - 1).getFileName().toString();
            number = Math.max(number, Long.parseLong(last.substring(0, last.length() - SUFFIX.length())));
        }
        number++;
        FileChannel channel = FileChannel.open(file(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        open = channel;
        openBytes = 0;
        force(directory);
        return channel;
    }

    /** Makes the names in a directory durable. */
    private static void force(@Nullable Path directory) throws IOException {
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private Path file(long which) {
        return directory.resolve("%016d%s".formatted(which, SUFFIX));
    }

    /** Bytes of the file that is being written. */
    synchronized long openBytes() {
        return open == null ? 0 : openBytes;
    }

    /** Ends the file that is being written; the next record begins another one. */
    synchronized void close() {
        FileChannel channel = open;
        open = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(SpoolFiles.class.getName())
                        .log(System.Logger.Level.DEBUG, "spool file closed badly", e);
            }
        }
    }
}
