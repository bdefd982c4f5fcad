package io.auspex;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** Every route of the program is an operation of the API description, and the other way round. */
final class RouteInventoryTest {
    private static final String CONTRACT = "/openapi/auspex.yaml";
    private static final Set<String> VERBS = Set.of("get", "put", "post", "delete", "head", "patch", "options");

    /** Servlets that answer people rather than programs; the portal's pages belong to Faces. */
    private static final Set<String> PAGES = Set.of("DocsRedirect", "StartServlet", "ErrorServlet");

    /** What a servlet that takes a whole subtree calls the rest of the path. */
    private static final Map<String, String> WILDCARDS = Map.of(
            "/health/*", "/health/{probe}",
            "/api/v1/label/*", "/api/v1/label/{name}/values",
            "/problems/*", "/problems/{slug}");

    /** Servlets of the query API that refuse a form. */
    private static final Set<String> GET_ONLY = Set.of(
            "Values", "StatusServlet", "TsdbStatusServlet", "MetadataServlet", "DiscoveryServlet", "TargetsServlet");

    @Test
    void contract_describesExactlyTheRoutesThereAre() throws IOException {
        assertThat(operations()).containsExactlyElementsOf(routes());
    }

    static Set<String> operations() throws IOException {
        Set<String> operations = new TreeSet<>();
        try (InputStream in = RouteInventoryTest.class.getResourceAsStream(CONTRACT)) {
            LoaderOptions strict = new LoaderOptions();
            strict.setAllowDuplicateKeys(false); // the interactive page refuses them
            Map<String, Map<String, Map<String, Object>>> contract = new Yaml(strict).load(in);
            contract.get("paths")
                    .forEach((path, item) -> item.keySet().stream()
                            .filter(VERBS::contains)
                            .forEach(verb -> operations.add(verb.toUpperCase(Locale.ROOT) + " " + path)));
        }
        return operations;
    }

    static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.auspex")) {
            if (type.isAnnotatedWith(Path.class) && !type.isInterface()) {
                addResource(type.reflect(), routes);
            }
            if (type.isAnnotatedWith(WebServlet.class) && !PAGES.contains(type.getSimpleName())) {
                addServlet(type.reflect(), routes);
            }
        }
        return routes;
    }

    private static void addResource(Class<?> resource, Set<String> routes) {
        String base = "/api/" + resource.getAnnotation(Path.class).value();
        for (Method method : resource.getMethods()) {
            Path sub = method.getAnnotation(Path.class);
            for (Annotation annotation : method.getAnnotations()) {
                HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (verb != null) {
                    routes.add(verb.value() + " " + tidy(base + "/" + (sub == null ? "" : sub.value())));
                }
            }
        }
    }

    private static void addServlet(Class<?> servlet, Set<String> routes) {
        WebServlet mapping = servlet.getAnnotation(WebServlet.class);
        List<String> patterns = new ArrayList<>(List.of(mapping.urlPatterns()));
        patterns.addAll(List.of(mapping.value()));
        for (String pattern : patterns) {
            for (String verb : verbs(servlet)) {
                routes.add(verb + " " + tidy(WILDCARDS.getOrDefault(pattern, pattern)));
            }
        }
    }

    /** Verbs by the methods a servlet overrides; the query API's own base class takes all and says which by a method. */
    private static Set<String> verbs(Class<?> servlet) {
        Set<String> verbs = new TreeSet<>();
        for (Class<?> type = servlet; type != HttpServlet.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().matches("do(Get|Post|Put|Delete|Head)")) {
                    verbs.add(method.getName().substring(2).toUpperCase(Locale.ROOT));
                }
            }
        }
        if (verbs.isEmpty()) {
            verbs.add("GET");
            if (!GET_ONLY.contains(servlet.getName().replaceAll(".*[.$]", ""))) {
                verbs.add("POST");
            }
        }
        return verbs;
    }

    private static String tidy(String path) {
        // {id: \\d+} is {id} in the contract
        String plain = path.replaceAll("\\{\\s*(\\w+)\\s*:[^}]*\\}", "{$1}").replaceAll("/{2,}", "/");
        return plain.length() > 1 ? plain.replaceAll("/$", "") : plain;
    }
}
