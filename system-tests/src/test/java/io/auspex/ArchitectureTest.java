package io.auspex;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Stateless;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The architecture of the whole EAR, as rules. Change a rule only together with docs/adr. */
final class ArchitectureTest {
    private static final String ROOT = "io.auspex.";

    /** Tenant-bound connections, which every capability's control and job classes stand on (ADR 001). */
    private static final String SHARED_FLOOR = "io.auspex.tenancy.control";

    /** Which capability may use which others; absent means none. Read top-down, it is the map of the system. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            // the floor
            Map.entry("platform", Set.of()), // errors, meters, request context
            Map.entry("tenancy", Set.of("platform")), // tenants, roles, connections bound to a tenant
            Map.entry("database", Set.of("platform", "tenancy")), // migration
            Map.entry("identity", Set.of("platform", "tenancy", "database", "audit")), // who calls: users, keys, tokens
            Map.entry("audit", Set.of("platform", "tenancy", "database")), // what was done, by whom
            // samples
            Map.entry("codec", Set.of("platform")), // bytes only; has never heard of a tenant
            Map.entry(
                    "series",
                    Set.of("platform", "tenancy", "database", "codec", "cluster")), // labels, head, log, packs
            Map.entry("histogram", Set.of("series")), // arithmetic of native histograms
            Map.entry(
                    "ingest",
                    Set.of("platform", "tenancy", "database", "codec", "series", "histogram")), // protocols in
            Map.entry(
                    "promql",
                    Set.of(
                            "platform",
                            "tenancy",
                            "series",
                            "histogram",
                            "ingest",
                            "cluster")), // the language and its API
            // judgement
            Map.entry("forecast", Set.of("platform", "tenancy", "database", "series", "promql")),
            Map.entry("insight", Set.of("platform", "tenancy", "database")), // one stream of findings
            Map.entry("anomaly", Set.of("platform", "tenancy", "database", "series", "promql", "forecast", "insight")),
            Map.entry(
                    "models",
                    Set.of("platform", "tenancy", "database", "series", "promql", "forecast", "anomaly", "cluster")),
            Map.entry(
                    "report",
                    Set.of("platform", "tenancy", "database", "series", "promql", "insight", "anomaly", "cluster")),
            // operation
            Map.entry("cluster", Set.of("platform", "tenancy", "database")), // once per cluster
            Map.entry("health", Set.of("platform", "tenancy", "database", "series", "ingest")), // Auspex watches itself
            // what people and machines see
            Map.entry("live", Set.of("platform", "tenancy", "series", "promql", "insight")),
            Map.entry(
                    "dashboard",
                    Set.of(
                            "platform",
                            "tenancy",
                            "identity",
                            "series",
                            "promql",
                            "anomaly",
                            "forecast",
                            "insight",
                            "live")));

    /** Third parties that core may use, each for one job (design.md, "Parts"). */
    private static final String[] CORE_MAY_USE = {
        "java..",
        "org.jspecify..",
        "com.google.re2j..",
        "org.roaringbitmap..",
        "com.github.luben.zstd..",
        "io.airlift.compress..",
        "org.HdrHistogram.."
    };

    private static final JavaClasses SYSTEM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.auspex")
            .that(not(resideInAPackage("io.auspex.launcher..")));

    @Test
    void importsEveryModule() { // a rule over nothing is green; this one is not
        assertTrue(SYSTEM.stream().anyMatch(c -> c.getPackageName().endsWith(".rest")), "web not imported");
        assertTrue(SYSTEM.stream().anyMatch(c -> c.getPackageName().endsWith(".job")), "batch not imported");
        assertTrue(SYSTEM.stream().anyMatch(c -> c.getPackageName().endsWith(".boundary")), "ejb not imported");
    }

    @Test
    void capabilities_useOnlyTheirDeclaredOnes() {
        classes().should(useOnlyDeclaredCapabilities()).check(SYSTEM);
    }

    @Test
    void capabilities_areFreeOfCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(SYSTEM);
    }

    @Test
    void core_isPlainJava() {
        classes()
                .that(are(inCore()))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(CORE_MAY_USE).or(inCore()))
                .check(SYSTEM);
    }

    @Test
    void controlAndEntity_arePrivateToTheirCapability() {
        classes().should(reachOnlyOwnControlAndEntity()).check(SYSTEM);
    }

    @Test
    void web_neverTouchesPersistence() {
        noClasses()
                .that()
                .resideInAnyPackage("..rest..", "..admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.persistence..", "java.sql..", "..entity..", "..control..")
                .check(SYSTEM);
    }

    @Test
    void jobs_neverCallBoundaries() { // job threads have no caller, so a role check would refuse them
        noClasses()
                .that()
                .resideInAPackage("..job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..boundary..")
                .allowEmptyShould(true)
                .check(SYSTEM);
    }

    @Test
    void jobs_dependOnNoBeanByName() { // a name ends at its module; auspex.ear starts the modules in order instead
        noClasses()
                .that()
                .resideInAPackage("..job..")
                .should()
                .beAnnotatedWith(DependsOn.class)
                .check(SYSTEM);
    }

    @Test
    void everyBean_declaresWhoMayCallIt() {
        classes()
                .that()
                .areAnnotatedWith(Stateless.class)
                .or()
                .areAnnotatedWith(Singleton.class)
                .should()
                .beAnnotatedWith(RolesAllowed.class)
                .orShould()
                .beAnnotatedWith(PermitAll.class)
                .orShould()
                .beAnnotatedWith(DenyAll.class)
                .check(SYSTEM);
    }

    @Test
    void clock_isInjected() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "platform..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .check(SYSTEM);
    }

    @Test
    void nobodyPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(SYSTEM);
    }

    @Test
    void aPackage_livesInOneModule() { // package-private breaks across EAR class loaders
        Map<String, Set<String>> modules = new TreeMap<>();
        for (JavaClass type : SYSTEM) {
            String location = type.getSource().orElseThrow().getUri().toString();
            String module = location.replaceAll("^jar:", "").replaceAll("(!/|/io/auspex).*$", "");
            modules.computeIfAbsent(type.getPackageName(), p -> new TreeSet<>()).add(module);
        }
        modules.values().removeIf(m -> m.size() == 1);
        assertEquals(Map.of(), modules);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> inCore() {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "in core (a capability's own package)",
                type -> type.getPackageName().matches("io\\.auspex\\.[a-z]+"));
    }

    private static String capability(JavaClass type) {
        String rest =
                type.getPackageName().startsWith(ROOT) ? type.getPackageName().substring(ROOT.length()) : "";
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static ArchCondition<JavaClass> useOnlyDeclaredCapabilities() {
        return new ArchCondition<>("use only the capabilities declared in MAY_USE") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String from = capability(type);
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String to = capability(dependency.getTargetClass());
                    if (!to.isEmpty()
                            && !to.equals(from)
                            && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> reachOnlyOwnControlAndEntity() {
        return new ArchCondition<>("reach control and entity of their own capability only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    boolean inside = target.getPackageName().matches("io\\.auspex\\..*\\.(control|entity)(\\..*)?")
                            && !target.getPackageName().equals(SHARED_FLOOR);
                    if (inside && !capability(target).equals(capability(type))) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
