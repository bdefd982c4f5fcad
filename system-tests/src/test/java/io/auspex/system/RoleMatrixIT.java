package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The table of roles and operations in the security guide, held against the running server. */
final class RoleMatrixIT {
    private static final Path GUIDE =
            Path.of(System.getProperty("auspex.home", "..")).resolve("docs/guide/security.md");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) (/\\S+)` \\| ([a-z, -]+) \\|");
    private static final List<String> ORDERED = List.of("viewer", "analyst", "operator", "tenant-admin");

    private record Row(String method, String path, List<String> lowest) {
        boolean admits(String role) {
            return lowest.stream()
                    .anyMatch(needed -> role.equals(needed)
                            || (ORDERED.contains(needed) && ORDERED.indexOf(role) > ORDERED.indexOf(needed)));
        }
    }

    private static List<Row> documented() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(GUIDE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(
                        row.group(1), row.group(2), List.of(row.group(3).strip().split(", "))));
            }
        }
        return rows;
    }

    @TestFactory
    Stream<DynamicTest> everyRole_isAdmittedAsDocumented() throws IOException {
        List<Row> rows = documented();
        assertThat(rows).hasSizeGreaterThan(8);
        List<DynamicTest> tests = new ArrayList<>();
        for (String role : List.of("viewer", "analyst", "operator", "tenant-admin", "auditor")) {
            for (Row row : rows) {
                tests.add(
                        DynamicTest.dynamicTest(role + " " + row.method() + " " + row.path(), () -> check(role, row)));
            }
        }
        return tests.stream();
    }

    private static void check(String role, Row row) {
        TwoTenants tenants = TwoTenants.get();
        String path =
                row.path().replace("{tenant}", Integer.toString(tenants.first)).replaceAll("\\{[^}]+}", "999999");
        String body = row.method().equals("GET") || row.method().equals("DELETE") ? null : "{}";

        int status = tenants.withRole(role)
                .send(row.method(), path, body, "application/json")
                .statusCode();

        if (row.admits(role)) {
            assertThat(status).isNotIn(401, 403).isLessThan(500);
        } else {
            assertThat(status).isEqualTo(403);
        }
    }
}
