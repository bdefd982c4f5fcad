package io.auspex.incontainer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The bundle as it is packaged, with tests beside it and one more public path: that of the test runner. */
final class ContainerTestBundle {
    private static final String WEB_XML = "WEB-INF/web.xml";
    private static final String A_PUBLIC_PATH = "<url-pattern>/health</url-pattern>";

    private ContainerTestBundle() {}

    static WebArchive withClasses(Class<?>... tests) {
        WebArchive bundle = ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("auspex.war")));
        String webXml = text(bundle);
        if (!webXml.contains(A_PUBLIC_PATH)) {
            throw new IllegalStateException(WEB_XML + " lists no " + A_PUBLIC_PATH);
        }
        bundle.delete(WEB_XML);
        // as the launcher's build does it
        bundle.addAsWebInfResource(new File(System.getProperty("auspex.ejb.jar.xml")), "ejb-jar.xml");
        return bundle.setWebXML(new StringAsset(webXml.replace(
                        A_PUBLIC_PATH, A_PUBLIC_PATH + "<url-pattern>/ArquillianServletRunnerEE9</url-pattern>")))
                .addAsLibrary(jarOf(Assertions.class))
                .addClasses(tests);
    }

    private static File jarOf(Class<?> type) {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private static String text(WebArchive bundle) {
        try (InputStream in = bundle.get(WEB_XML).getAsset().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
