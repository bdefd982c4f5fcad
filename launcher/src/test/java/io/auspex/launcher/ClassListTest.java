package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ClassListTest {
    private static final String OBJECT = "java/lang/Object id: 0";
    private static final String LAMBDA = "@lambda-proxy io/A run ()V";

    @Test
    void archivable_keepsClassesOfTheClassPathAndOfJars() {
        List<String> lines =
                List.of(OBJECT, "io/A id: 1 super: 0 source: /x/a.jar", "io/B id: 2 super: 1 source: /x/b.jar", LAMBDA);

        assertThat(ClassList.archivable(lines)).isEqualTo(lines);
    }

    @Test
    void archivable_leavesOutClassesOfDirectories_andWhatStandsOnThem() {
        List<String> lines = List.of(
                OBJECT,
                "io/Base id: 1 super: 0 source: /x/classes/io/Base.class",
                "io/Face id: 2 super: 0 source: /x/classes/io/Face.class",
                "io/Child id: 3 super: 1 source: /x/a.jar",
                "io/Grandchild id: 4 super: 3 source: /x/a.jar",
                "io/Other id: 5 super: 0 interfaces: 9 2 source: /x/a.jar",
                "io/Kept id: 6 super: 0 interfaces: 9 source: /x/a.jar",
                LAMBDA);

        assertThat(ClassList.archivable(lines))
                .containsExactly(OBJECT, "io/Kept id: 6 super: 0 interfaces: 9 source: /x/a.jar", LAMBDA);
    }
}
