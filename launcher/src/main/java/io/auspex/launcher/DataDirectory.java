package io.auspex.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The one directory in which a server keeps everything; at most one server uses it at a time. */
final class DataDirectory {
    private final Path root;

    @SuppressWarnings("UnusedVariable") // held for the life of the process
    private final @Nullable FileLock lock;

    private DataDirectory(Path root, @Nullable FileLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Creates what is missing, for a look from outside while a server may be running. */
    static DataDirectory at(Path root) {
        return prepare(root, null);
    }

    /** Creates what is missing and takes the directory for this process. */
    static DataDirectory open(Path root) {
        try {
            create(root, "rwx--x--x");
            FileChannel channel =
                    FileChannel.open(root.resolve("auspex.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Refusal(
                        Refusal.Kind.ALREADY_RUNNING,
                        "another Auspex runs on " + root + "; stop it, or set AUSPEX_DATA to another directory");
            }
            return prepare(root, lock);
        } catch (IOException e) {
            throw unusable(root, e);
        }
    }

    private static DataDirectory prepare(Path root, @Nullable FileLock lock) {
        DataDirectory data = new DataDirectory(root, lock);
        try {
            create(root, "rwx--x--x"); // PostgreSQL's own user passes through
            create(data.secrets(), "rwx------");
            create(data.logs(), "rwxr-x---");
            create(data.postgres(), "rwx--x--x");
            create(data.container(), "rwx------");
            return data;
        } catch (IOException e) {
            throw unusable(root, e);
        }
    }

    private static Refusal unusable(Path root, IOException e) {
        return new Refusal(
                Refusal.Kind.OPERATING_SYSTEM,
                "cannot use the data directory " + root + " (AUSPEX_DATA): " + e.getMessage(),
                e);
    }

    Path root() {
        return root;
    }

    Path secrets() {
        return root.resolve("secrets");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    /** The container's own files, made anew at each start. */
    Path container() {
        return root.resolve("container");
    }

    /** Written by the application when it made up first credentials. */
    Path firstCredentials() {
        return secrets().resolve("first-credentials");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void create(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }
}
