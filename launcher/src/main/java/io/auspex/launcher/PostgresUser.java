package io.auspex.launcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operating-system user PostgreSQL runs as. PostgreSQL refuses to run as root, so root hands it to the
 * unprivileged user 65534, or, where that user cannot reach the directory, to a user namespace of its own.
 *
 * @param prefix what stands before each PostgreSQL command
 * @param owner the numeric owner PostgreSQL's files must have; negative when they stay the caller's
 */
record PostgresUser(List<String> prefix, int owner) {
    private static final int NOBODY = 65_534;
    private static final int UNCHANGED = -1;
    private static final List<String> IN_NAMESPACE = List.of("unshare", "--user", "--");

    static PostgresUser forFilesIn(Path directory) {
        if (!isRoot()) {
            // initdb insists on a name for its user; inside a user namespace every user is 65534, which has one
            boolean nameless = "?".equals(System.getProperty("user.name"));
            return new PostgresUser(nameless && userNamespacesWork(directory) ? IN_NAMESPACE : List.of(), UNCHANGED);
        }
        if (othersReach(directory)) {
            if (Commands.isInstalled("setpriv")) {
                String user = Integer.toString(NOBODY);
                return new PostgresUser(
                        List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"), NOBODY);
            }
            if (Commands.isInstalled("runuser")) {
                return new PostgresUser(List.of("runuser", "-u", "nobody", "--"), NOBODY);
            }
        }
        if (userNamespacesWork(directory)) {
            // inside, root shows as user 65534 and keeps its rights on its own files
            return new PostgresUser(IN_NAMESPACE, 0);
        }
        throw new Refusal(
                Refusal.Kind.OPERATING_SYSTEM,
                "PostgreSQL does not run as root, and no other user can reach " + directory
                        + ". Set AUSPEX_DATA to a directory that others may pass through (such as /var/lib/auspex),"
                        + " or start Auspex as an ordinary user.");
    }

    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives the tree to PostgreSQL's user; nothing happens when it is its owner already. */
    void own(Path tree) throws IOException {
        if (owner < 0 || (ownerOf(tree) == owner)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                give(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                give(directory); // last, so that an interrupted change of owners is begun again
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void give(Path file) throws IOException {
        Files.setAttribute(file, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
    }

    private static int ownerOf(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isRoot() {
        try {
            // followed: the link itself is always root's
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean othersReach(Path directory) {
        for (Path step = directory.toAbsolutePath(); step != null; step = step.getParent()) {
            try {
                if (!Files.getPosixFilePermissions(step).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private static boolean userNamespacesWork(Path directory) {
        if (!Commands.isInstalled("unshare")) {
            return false;
        }
        try {
            return Commands.run(List.of("unshare", "--user", "--", "true"), directory, 10)
                            .status()
                    == 0;
        } catch (Refusal e) {
            return false;
        }
    }
}
