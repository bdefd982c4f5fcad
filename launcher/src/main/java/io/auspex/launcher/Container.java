package io.auspex.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.PayaraMicroRuntime;
import fish.payara.micro.boot.PayaraMicroBoot;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Payara Micro in this process, with the application as its only deployment.
 *
 * <p>Its instance directory is made anew at each start from the bundle, so that nothing of an earlier start or a
 * killed server is left in it. Hazelcast is off: one node needs no data grid (persistent EJB timers, clustered
 * singletons, session replication and the remote command API would).
 */
final class Container {
    private static final String APPLICATION = "auspex";
    private static final String IMPLEMENTATION = "fish.payara.micro.impl.PayaraMicroImpl";

    private static final String LISTENER =
            "configs.config.server-config.network-config.network-listeners.network-listener.http-listener";

    /**
     * What stopped applications have cancelled is dropped by the container when its time comes; after the services of
     * the container have ended that fails, and is told as SEVERE.
     */
    private static final Logger TIMED_TASKS = Logger.getLogger("org.glassfish.enterprise.concurrent");

    private final PayaraMicroRuntime runtime;

    private Container(PayaraMicroRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Boots the container without the application and without listening: a sender must not be told 404 or 500 by a
     * server that is not all there, since it would drop what it was asked to deliver.
     *
     * @param directory the container's own, empty
     * @param secrets settings given as files of the container's secrets directory; they never become system properties
     */
    static Container boot(Bundle bundle, Settings settings, Path directory, Map<String, String> secrets) {
        try {
            System.setProperty(
                    "fish.payara.micro.BootJar", bundle.containerJar().toUri().toString());
            System.setProperty("fish.payara.micro.UnpackDir", bundle.container().toString());
            prepare(bundle, settings, directory);
            keepSecrets(secrets(directory), secrets);
            String[] arguments = {
                "--rootdir",
                directory.toString(),
                "--nohazelcast",
                "--disablephonehome",
                "--secretsdir",
                secrets(directory).toString()
            };
            PayaraMicroBoot boot = (PayaraMicroBoot) Class.forName(IMPLEMENTATION)
                    .getMethod("create", String[].class)
                    .invoke(null, (Object) arguments);
            return new Container(boot.getRuntime());
        } catch (InvocationTargetException e) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the container did not start: " + rootMessage(e), e);
        } catch (ReflectiveOperationException | IOException e) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the container cannot be started: " + e, e);
        }
    }

    void deploy(Path application) {
        LastFailure failure = new LastFailure();
        Logger log = Logger.getLogger("javax.enterprise.system.core"); // the only one who is told the reason
        log.addHandler(failure);
        try {
            runtime.deploy(APPLICATION, "/", application.toFile());
        } finally {
            log.removeHandler(failure);
        }
        // the call itself answers true even when the deployment failed
        if (!runtime.getDeployedApplicationNames().contains(APPLICATION)) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the application could not be deployed: " + failure.message());
        }
    }

    /** Takes connections from now on, or no more. */
    void listen(boolean wanted) {
        try {
            // the runtime's own way to run a command needs Hazelcast
            Field field = runtime.getClass().getDeclaredField("runtime");
            field.setAccessible(true);
            ClassLoader container = runtime.getClass().getClassLoader();
            Object runner = Class.forName("org.glassfish.embeddable.GlassFish", true, container)
                    .getMethod("getCommandRunner")
                    .invoke(field.get(runtime));
            Class.forName("org.glassfish.embeddable.CommandRunner", true, container)
                    .getMethod("run", String.class, String[].class)
                    .invoke(runner, "set", new String[] {LISTENER + ".enabled=" + wanted});
        } catch (ReflectiveOperationException e) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the HTTP port cannot be opened or closed: " + rootMessage(e), e);
        }
    }

    void stop() {
        TIMED_TASKS.setLevel(Level.OFF);
        try {
            runtime.shutdown();
        } catch (BootstrapException e) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the container did not stop: " + e.getMessage(), e);
        }
    }

    private static void prepare(Bundle bundle, Settings settings, Path directory) throws IOException {
        for (String part : new String[] {"config", "lib"}) {
            Trees.copy(bundle.container().resolve(part), directory.resolve(part));
        }
        Path domain = directory.resolve("config").resolve("domain.xml");
        Files.writeString(domain, DomainConfiguration.of(Files.readString(domain), settings));
    }

    private static void keepSecrets(Path directory, Map<String, String> settings) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            Path file = directory.resolve(setting.getKey());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, setting.getValue());
        }
    }

    private static Path secrets(Path directory) {
        return directory.resolve("secrets");
    }

    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
