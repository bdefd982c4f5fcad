package io.auspex.launcher;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of loaded classes that Java writes. A line is {@code name id: 7 super: 3 interfaces: 4 5 source: /a.jar};
 * what follows the id stands there only for classes of the application's own loaders.
 */
final class ClassList {
    private static final Pattern ID = Pattern.compile(" id: (\\d+)");
    private static final Pattern PARENTS = Pattern.compile(" (?:super|interfaces): (\\d+(?: \\d+)*)");
    private static final String SOURCE = " source: ";

    private ClassList() {}

    /**
     * Leaves out what Java cannot archive: classes that lie in a directory instead of a jar, and those that stand on
     * them. One of the latter would make Java refuse the whole list.
     */
    static List<String> archivable(List<String> lines) {
        List<String> kept = new ArrayList<>(lines.size());
        Set<String> left = new HashSet<>();
        for (String line : lines) {
            boolean own = line.contains(SOURCE);
            if (own && (!line.endsWith(".jar") || standsOn(left, line))) {
                Matcher id = ID.matcher(line);
                if (id.find()) {
                    left.add(id.group(1));
                }
            } else {
                kept.add(line);
            }
        }
        return kept;
    }

    private static boolean standsOn(Set<String> left, String line) {
        Matcher parents = PARENTS.matcher(line);
        while (parents.find()) {
            for (String parent : parents.group(1).split(" ", -1)) {
                if (left.contains(parent)) {
                    return true;
                }
            }
        }
        return false;
    }
}
