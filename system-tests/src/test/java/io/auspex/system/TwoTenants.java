package io.auspex.system;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** Two tenants of the shared server, each with an administrator, made once per run. */
final class TwoTenants {
    static final String PASSWORD = "only for this test run 1";

    private static final TwoTenants MADE = new TwoTenants(RunningServer.shared());

    final RunningServer server;
    final ApiClient platform;
    final int first;
    final int second;
    final ApiClient firstAdmin;
    final ApiClient secondAdmin;

    private final Map<String, ApiClient> users = new HashMap<>();

    private TwoTenants(RunningServer server) {
        this.server = server;
        this.platform = ApiClient.administrator(server);
        this.first = tenant("north");
        this.second = tenant("south");
        this.firstAdmin = user(first, "north", "tenant-admin");
        users.put("tenant-admin", firstAdmin);
        this.secondAdmin = user(second, "south", "tenant-admin");
    }

    /** Tenants of a server of one's own. */
    static TwoTenants of(RunningServer server) {
        return new TwoTenants(server);
    }

    static TwoTenants get() {
        return MADE;
    }

    /** The administrator, {@code tenant-admin@slug}, of a further tenant that belongs to one test. */
    ApiClient further(String slug) {
        return user(tenant(slug), slug, "tenant-admin");
    }

    /** A user of the first tenant with just that role. */
    ApiClient withRole(String role) {
        return users.computeIfAbsent(role, wanted -> user(first, "north", wanted));
    }

    private int tenant(String slug) {
        HttpResponse<String> made = platform.post(
                "/api/tenant-management/tenants", "{\"slug\":\"" + slug + "\",\"name\":\"" + slug + "\"}");
        if (made.statusCode() != 201) {
            throw new IllegalStateException(made.statusCode() + " " + made.body());
        }
        return Integer.parseInt(ApiClient.field(made.body(), "id"));
    }

    private ApiClient user(int tenant, String slug, String role) {
        HttpResponse<String> made = platform.post(
                "/api/tenant-management/tenants/" + tenant + "/users",
                "{\"login\":\"" + role + "\",\"displayName\":\"A " + role + "\",\"roles\":[\"" + role
                        + "\"],\"password\":\"" + PASSWORD + "\"}");
        if (made.statusCode() != 201) {
            throw new IllegalStateException(made.statusCode() + " " + made.body());
        }
        return ApiClient.signedIn(server, role + "@" + slug, PASSWORD);
    }
}
