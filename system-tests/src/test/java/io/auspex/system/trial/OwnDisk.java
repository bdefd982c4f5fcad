package io.auspex.system.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A small disk of its own for a data directory: an ext4 file system in a file, which can lose its power or be full.
 * Needs root, a loop device, mkfs.ext4 and perl.
 */
final class OwnDisk implements AutoCloseable {
    /** EXT4_IOC_SHUTDOWN without writing anything back: what was not on the disk is gone, as with the power. */
    private static final String LOSE_POWER =
            "open(my $f, '<', $ARGV[0]) or die; my $how = pack('I', 2); ioctl($f, 0x8004587D, $how) or die \"$!\"";

    private final Path image;
    private final Path directory;

    private OwnDisk(Path image, Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /** Makes an empty disk and mounts it. */
    static OwnDisk at(Path directory, int megabytes) {
        OwnDisk disk = new OwnDisk(directory.resolveSibling(directory.getFileName() + ".disk"), directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("truncate", "-s", megabytes + "M", disk.image.toString());
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,root_owner=0:0", disk.image.toString());
        disk.mount();
        return disk;
    }

    /** Whether this machine lets us; says why when it does not. */
    static String obstacle(Path near) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "a disk of its own needs root";
        }
        try (OwnDisk probe = at(near.resolve("probe-disk"), 16)) {
            return "";
        } catch (IllegalStateException e) {
            return "no disk of its own: " + e.getMessage();
        }
    }

    private void mount() {
        run("mount", "-o", "loop", image.toString(), directory.toString());
    }

    /** From now on nothing can be read or written, and what was not yet on the disk never will be. */
    void losePower() {
        run("perl", "-e", LOSE_POWER, directory.toString());
    }

    /** The disk as it is found after the power is back; nobody may use it at this moment. */
    void powerUp() {
        unmount();
        mount();
    }

    private void unmount() {
        for (int attempt = 0; ; attempt++) {
            try {
                run("umount", directory.toString());
                return;
            } catch (IllegalStateException e) {
                if (attempt == 50) {
                    throw e;
                }
                LockSupport.parkNanos(200_000_000); // the last process that has files open is just ending
            }
        }
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    /** Takes all room there is. */
    void fill() {
        try {
            run("dd", "if=/dev/zero", "of=" + ballast(), "bs=64k", "status=none");
        } catch (IllegalStateException expected) {
            // dd ends with the disk
            if (!Files.exists(ballast())) {
                throw expected;
            }
        }
    }

    void empty() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount();
        try {
            Files.deleteIfExists(image);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(List.of(command) + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new IllegalStateException(command[0] + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
