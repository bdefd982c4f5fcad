package io.auspex.identity.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public String readOrCreate(String name, Supplier<String> secret) {
        try {
            Path file = directory().resolve(name);
            if (!Files.exists(file)) {
                try {
                    write(file, secret.get());
                } catch (FileAlreadyExistsException e) {
                    return Files.readString(file);
                }
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("secrets below " + data + " cannot be read or written", e);
        }
    }

    public void replace(String name, String secret) {
        try {
            Path file = directory().resolve(name);
            Files.deleteIfExists(file);
            write(file, secret);
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

    private static void write(Path file, String secret) throws IOException {
        // created with its permissions: at no moment is it readable for others
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.UTF_8.encode(secret));
        }
    }
}
