package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The archive of parsed classes that makes later starts faster. The start script asks for it, when there is none for
 * this build and this Java, by naming the list of loaded classes and the archive; it is made once, after the start,
 * by a Java process of lowest priority.
 */
final class ClassCache {
    private static final Logger LOG = Logger.getLogger(ClassCache.class.getName());
    private static final int WITH_CLASS_LINKING = 24;

    private final Path list;
    private final Path archive;
    private volatile @Nullable Process making;

    private ClassCache(Path list, Path archive) {
        this.list = list;
        this.archive = archive;
    }

    static Optional<ClassCache> asked() {
        String list = System.getProperty("auspex.class.cache.list");
        String archive = System.getProperty("auspex.class.cache.archive");
        return list == null || archive == null
                ? Optional.empty()
                : Optional.of(new ClassCache(Path.of(list), Path.of(archive)));
    }

    void makeInBackground() {
        Thread thread = new Thread(this::make, "auspex-class-cache");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gives up an archive that is being made; the next start begins anew. */
    void abandon() {
        Process process = making;
        if (process != null) {
            process.destroyForcibly();
        }
        try {
            Files.deleteIfExists(list);
        } catch (IOException e) {
            LOG.log(Level.FINE, "list of classes stays", e);
        }
    }

    private void make() {
        Path classes = list.resolveSibling(list.getFileName() + ".copy");
        Path partial = archive.resolveSibling(
                archive.getFileName() + ".partial-" + ProcessHandle.current().pid());
        try {
            Files.write(classes, ClassList.archivable(Files.readAllLines(list)));
            Process process = new ProcessBuilder(command(classes, partial))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            making = process;
            int status = process.waitFor();
            if (status == 0 && Files.exists(partial)) {
                Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                LOG.log(Level.INFO, "class cache made bytes={0}", Files.size(archive));
            } else {
                LOG.log(Level.INFO, "class cache not made status={0}", status);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the class cache cannot be made, later starts are slower", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            making = null;
            for (Path file : List.of(classes, partial, list)) {
                file.toFile().delete();
            }
        }
    }

    private static List<String> command(Path classes, Path partial) {
        List<String> command = new ArrayList<>();
        if (Commands.isInstalled("nice")) {
            command.addAll(List.of("nice", "-n", "19"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + classes,
                "-XX:SharedArchiveFile=" + partial,
                "-Xlog:disable"));
        if (Runtime.version().feature() >= WITH_CLASS_LINKING) {
            command.add("-XX:+AOTClassLinking");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }
}
