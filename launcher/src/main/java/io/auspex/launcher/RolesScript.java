package io.auspex.launcher;

/** The statements of {@code server-config/postgresql/roles.sql} with psql's variables filled in. */
final class RolesScript {
    private RolesScript() {}

    static String with(String script, String ownerPassword, String appPassword, String batchPassword) {
        return script.replace(":'owner_password'", literal(ownerPassword))
                .replace(":'app_password'", literal(appPassword))
                .replace(":'batch_password'", literal(batchPassword));
    }

    private static String literal(String text) {
        if (text.indexOf('\\') >= 0) { // would need the E'' form
            throw new IllegalArgumentException("a generated password has no backslash");
        }
        return "'" + text.replace("'", "''") + "'";
    }
}
