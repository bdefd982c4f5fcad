package io.auspex.launcher;

import org.jspecify.annotations.Nullable;

/** The version of this build, from the manifest of the launcher's jar. */
final class Version {
    private Version() {}

    static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
