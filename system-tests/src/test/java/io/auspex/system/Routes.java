package io.auspex.system;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.servlet.annotation.WebServlet;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every route that the web module declares, read from its annotations, so that no test forgets a new one. */
final class Routes {
    private static final Map<Class<? extends java.lang.annotation.Annotation>, String> METHODS = Map.of(
            GET.class, "GET", POST.class, "POST", PUT.class, "PUT", DELETE.class, "DELETE", PATCH.class, "PATCH");

    /** @param template path with {@code {parameters}} or a servlet's pattern */
    record Route(String method, String template) implements Comparable<Route> {
        /** The path with that value in every parameter's and wildcard's place. */
        String path(String value) {
            return template.replaceAll("\\{[^/]+}", value).replaceAll("/\\*$", "/" + value);
        }

        boolean hasParameter() {
            return template.contains("{");
        }

        @Override
        public int compareTo(Route other) {
            return (template + method).compareTo(other.template + other.method);
        }
    }

    private Routes() {}

    static List<Route> all() {
        TreeSet<Route> routes = new TreeSet<>();
        routes.addAll(resources());
        routes.addAll(servlets());
        return List.copyOf(routes);
    }

    /** Operations of the JAX-RS application. */
    static List<Route> resources() {
        List<Route> routes = new ArrayList<>();
        for (JavaClass type : web()) {
            if (!type.isAnnotatedWith(Path.class)) {
                continue;
            }
            String base = "/api/" + strip(type.getAnnotationOfType(Path.class).value());
            for (JavaMethod method : type.getMethods()) {
                httpMethod(method)
                        .ifPresent(http -> routes.add(new Route(
                                http,
                                method.isAnnotatedWith(Path.class)
                                        ? base + "/"
                                                + strip(method.getAnnotationOfType(Path.class)
                                                        .value())
                                        : base)));
            }
        }
        return routes;
    }

    /** Servlets, with the method that reads. */
    static List<Route> servlets() {
        List<Route> routes = new ArrayList<>();
        for (JavaClass type : web()) {
            if (type.isAnnotatedWith(WebServlet.class)) {
                WebServlet servlet = type.getAnnotationOfType(WebServlet.class);
                for (String pattern : servlet.urlPatterns()) {
                    routes.add(new Route("GET", pattern));
                }
                for (String pattern : servlet.value()) {
                    routes.add(new Route("GET", pattern));
                }
            }
        }
        return routes;
    }

    private static Iterable<JavaClass> web() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.auspex");
    }

    private static Optional<String> httpMethod(JavaMethod method) {
        for (JavaAnnotation<JavaMethod> annotation : method.getAnnotations()) {
            for (Map.Entry<Class<? extends java.lang.annotation.Annotation>, String> http : METHODS.entrySet()) {
                if (annotation.getRawType().isEquivalentTo(http.getKey())) {
                    return Optional.of(http.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** Without slashes at the ends and without the pattern of a parameter. */
    private static String strip(String path) {
        return path.replaceAll("^/|/$", "").replaceAll("\\{\\s*([^:}\\s]+)\\s*:[^}]*}", "{$1}");
    }
}
