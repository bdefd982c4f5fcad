package io.auspex.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The unpacked distribution this launcher belongs to: lib, container, application, postgres. */
record Bundle(Path root) {

    /** The bundle around the launcher's own jar, which lies in its lib directory. */
    static Bundle ofThisLauncher() {
        try {
            Path jar = Path.of(Bundle.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Bundle bundle = new Bundle(jar.resolve("../..").normalize());
            if (!Files.isRegularFile(bundle.containerJar())) {
                throw new Refusal(
                        Refusal.Kind.CONFIGURATION,
                        "the launcher works only inside the bundle; " + bundle.containerJar() + " is missing");
            }
            return bundle;
        } catch (URISyntaxException e) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the launcher cannot find itself", e);
        }
    }

    Path container() {
        return root.resolve("container");
    }

    Path containerJar() {
        return container().resolve("launch-micro.jar");
    }

    Path application() {
        return root.resolve("application").resolve("auspex");
    }

    Path postgresJars() {
        return root.resolve("postgres");
    }
}
