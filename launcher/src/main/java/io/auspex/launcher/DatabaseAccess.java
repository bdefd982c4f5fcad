package io.auspex.launcher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the database is and as whom to work there: the owner migrates, the application serves requests, batch
 * keeps the job repository.
 */
record DatabaseAccess(String url, Login owner, Login application, Login batch) {

    /** A database role and its password. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user; // never the password
        }
    }

    /** The settings the application and the container read, by their configuration names. */
    Map<String, String> asSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("auspex.db.url", url);
        put(settings, "owner", owner);
        put(settings, "app", application);
        put(settings, "batch", batch);
        return settings;
    }

    private static void put(Map<String, String> settings, String role, Login login) {
        settings.put("auspex.db." + role + ".user", login.user());
        settings.put("auspex.db." + role + ".password", login.password());
    }
}
