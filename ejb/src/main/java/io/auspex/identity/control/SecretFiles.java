package io.auspex.identity.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Secrets that this node made itself, under {@code $AUSPEX_DATA/secrets}: directory 0700, files 0600. */
@ApplicationScoped
public class SecretFiles {
    @Inject
    @ConfigProperty(name = "auspex.data", defaultValue = "data")
    String data;

    /** The file's content; made now when there is none. */
    public synchronized String readOrCreate(String name, Supplier<String> secret) {
        try {
            Path file = directory().resolve(name);
            if (!Files.exists(file)) {
                write(file, secret.get());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("secrets below " + data + " cannot be read or written", e);
        }
    }

    public synchronized void replace(String name, String secret) {
        try {
            write(directory().resolve(name), secret);
        } catch (IOException e) {
            throw new UncheckedIOException("secrets below " + data + " cannot be written", e);
        }
    }

    private Path directory() throws IOException {
        Path directory = Path.of(data).resolve("secrets");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.getParent() == null ? directory : directory.getParent());
            try {
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                return directory;
            }
        }
        return directory;
    }

    /** The whole file or none, also when the power fails. */
    private static void write(Path file, String secret) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        // created with its permissions: at no moment is it readable for others
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(secret);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
