package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Two tenants side by side: tenant {@code south} calls every operation of the inventory with the ids of tenant
 * {@code north} and must see and change nothing.
 */
final class IsolationIT {
    private static final TwoTenants TENANTS = TwoTenants.get();
    /** Stands in everything north has, and nowhere else. */
    private static final String CANARY = "canary-7f3a91";

    private static final int NOBODYS = 999_999;

    /** Bodies with which an operation would succeed for its owner. */
    private static final Map<String, String> BODIES = Map.of(
            "PUT /api/tenant-management/tenants/{id}", "{\"name\":\"taken over\"}",
            "POST /api/tenant-management/tenants/{tenant}/users",
                    "{\"login\":\"intruder\",\"displayName\":\"I\",\"roles\":[\"viewer\"],\"password\":\""
                            + TwoTenants.PASSWORD + "\"}",
            "PUT /api/tenant-management/tenants/{tenant}/users/{id}",
                    "{\"displayName\":\"taken over\",\"roles\":[\"viewer\"],\"enabled\":false}");

    /** Ids of north's objects: parameters of each template, in order. */
    private static final Map<String, List<String>> NORTHS = new LinkedHashMap<>();

    @BeforeAll
    static void northHasOneOfEverything() {
        String tenant = Integer.toString(TENANTS.first);
        HttpResponse<String> user = TENANTS.firstAdmin.post(
                "/api/tenant-management/tenants/" + tenant + "/users",
                "{\"login\":\"victim\",\"displayName\":\"" + CANARY + "\",\"roles\":[\"viewer\"],\"password\":\""
                        + TwoTenants.PASSWORD + "\"}");
        HttpResponse<String> key =
                TENANTS.firstAdmin.post("/api/v1/api-keys", "{\"name\":\"" + CANARY + "\",\"scopes\":[\"query\"]}");
        assertThat(user.statusCode()).as(user.body()).isEqualTo(201);
        assertThat(key.statusCode()).as(key.body()).isEqualTo(201);
        NORTHS.put("/api/tenant-management/tenants/{id}", List.of(tenant));
        NORTHS.put("/api/v1/tenants/{id}", List.of(tenant));
        NORTHS.put("/api/tenant-management/tenants/{tenant}/users", List.of(tenant));
        NORTHS.put(
                "/api/tenant-management/tenants/{tenant}/users/{id}",
                List.of(tenant, ApiClient.field(user.body(), "id")));
        NORTHS.put("/api/v1/api-keys/{id}", List.of(ApiClient.field(key.body(), "id")));
        for (String collection : List.of("/api/v1/ml/training-runs", "/api/v1/reports")) {
            HttpResponse<String> run = TENANTS.firstAdmin.post(collection, "{}");
            assertThat(run.statusCode()).as(run.body()).isEqualTo(202);
            NORTHS.put(collection + "/{id}", List.of(ApiClient.field(run.body(), "id")));
            NORTHS.put("/api/v1/system/jobs/runs/{id}", List.of(ApiClient.field(run.body(), "id")));
        }
        NORTHS.put("/api/v1/performance/deletions/{id}", List.of(deletion()));
    }

    private static String deletion() {
        HttpResponse<String> stored = TENANTS.firstAdmin.send(
                "POST", "/api/v1/import/prometheus", "isolation_deleted{of=\"" + CANARY + "\"} 1\n", "text/plain");
        assertThat(stored.statusCode()).as(stored.body()).isBetween(200, 204);
        HttpResponse<String> deleted = TENANTS.firstAdmin.send(
                "POST",
                "/api/v1/admin/tsdb/delete_series",
                "match[]=isolation_deleted",
                "application/x-www-form-urlencoded");
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
        String location = deleted.headers().firstValue("Location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    @TestFactory
    Stream<DynamicTest> everyOperation_treatsNorthsIdsLikeNobodys() {
        List<Routes.Route> parameterised =
                Routes.resources().stream().filter(Routes.Route::hasParameter).toList();
        assertThat(parameterised).hasSizeGreaterThan(8);
        return parameterised.stream()
                .map(route -> DynamicTest.dynamicTest(route.method() + " " + route.template(), () -> refuses(route)));
    }

    private static void refuses(Routes.Route route) {
        for (List<String> ids : idsOfNorth(route.template())) {
            String foreign = fill(route.template(), ids);
            List<String> nobodys = new ArrayList<>(ids);
            nobodys.set(ids.size() - 1, Integer.toString(NOBODYS));

            HttpResponse<String> theirs = call(route, foreign);
            HttpResponse<String> none = call(route, fill(route.template(), nobodys));

            assertThat(theirs.statusCode()).as(foreign + " " + theirs.body()).isBetween(400, 499);
            assertThat(theirs.statusCode()).as(foreign).isEqualTo(none.statusCode());
            assertThat(withoutInstance(theirs)).isEqualTo(withoutInstance(none)).doesNotContain(CANARY);
        }
    }

    private static HttpResponse<String> call(Routes.Route route, String path) {
        String body = route.method().equals("GET") || route.method().equals("DELETE")
                ? null
                : BODIES.getOrDefault(route.method() + " " + route.template(), "{}");
        return TENANTS.secondAdmin.with("If-Match", "\"0\"").send(route.method(), path, body, "application/json");
    }

    /** North's ids for the template or the longest known one before it; small numbers where nobody knows any. */
    private static List<List<String>> idsOfNorth(String template) {
        int parameters = template.split("\\{", -1).length - 1;
        String known = NORTHS.keySet().stream()
                .filter(prefix ->
                        template.startsWith(prefix) && NORTHS.get(prefix).size() == parameters)
                .findFirst()
                .orElse("");
        if (!known.isEmpty()) {
            return List.of(NORTHS.get(known));
        }
        List<List<String>> guesses = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            List<String> guess = new ArrayList<>();
            for (int i = 0; i < parameters; i++) {
                guess.add(Integer.toString(id));
            }
            guesses.add(guess);
        }
        return guesses;
    }

    private static String fill(String template, List<String> ids) {
        String path = template;
        for (String id : ids) {
            path = path.replaceFirst("\\{[^/]+}", id);
        }
        return path;
    }

    private static String withoutInstance(HttpResponse<String> answer) {
        return answer.body().replaceAll("\"instance\":\"[^\"]*\"", "");
    }

    @Test
    void noOperation_changedAnythingOfNorth() {
        everyOperation_treatsNorthsIdsLikeNobodys().forEach(test -> {
            try {
                test.getExecutable().execute();
            } catch (Throwable e) {
                throw new AssertionError(test.getDisplayName(), e);
            }
        });

        String users = TENANTS.firstAdmin
                .get("/api/tenant-management/tenants/" + TENANTS.first + "/users?limit=1000")
                .body();
        String keys = TENANTS.firstAdmin.get("/api/v1/api-keys?limit=1000").body();
        String tenant = TENANTS.firstAdmin
                .get("/api/tenant-management/tenants/" + TENANTS.first)
                .body();
        assertThat(users).contains(CANARY).doesNotContain("intruder").doesNotContain("taken over");
        assertThat(keys).contains(CANARY);
        assertThat(tenant).contains("\"name\":\"north\"").contains("\"status\":\"active\"");
    }

    @Test
    void lists_showNorthToNorthAndNothingOfItToSouth() {
        int seenByNorth = 0;
        for (Routes.Route route : Routes.resources()) {
            if (!route.method().equals("GET") || route.template().contains("/live")) {
                continue;
            }
            String own = fill(route.template(), ownIds(route.template(), TENANTS.first));
            String same = fill(route.template(), ownIds(route.template(), TENANTS.second));
            if (own.contains("{")) {
                continue;
            }
            seenByNorth += TENANTS.firstAdmin.get(own + "?limit=1000").body().contains(CANARY) ? 1 : 0;
            assertThat(TENANTS.secondAdmin.get(same + "?limit=1000").body())
                    .as(same)
                    .doesNotContain(CANARY);
        }
        assertThat(seenByNorth).as("lists in which north sees its own").isGreaterThanOrEqualTo(2);
    }

    private static List<String> ownIds(String template, int tenant) {
        boolean ofTenant = template.startsWith("/api/tenant-management/tenants/{")
                && template.indexOf('{') == template.lastIndexOf('{');
        return ofTenant ? List.of(Integer.toString(tenant)) : List.of();
    }

    @Test
    void queries_findNothing_inATenantThatHasNoSeries() {
        String selector = URLEncoder.encode("{__name__=~\".+\"}", StandardCharsets.UTF_8);
        String now = "1";
        ApiClient empty = TENANTS.further("empty");

        for (String path : List.of(
                "/api/v1/query?query=" + selector,
                "/api/v1/query?query=" + URLEncoder.encode("count({__name__=~\".+\"})", StandardCharsets.UTF_8),
                "/api/v1/series?match[]=" + selector,
                "/api/v1/labels",
                "/api/v1/label/__name__/values",
                "/api/v1/query_range?step=15&start=0&end=" + now + "&query=" + selector)) {
            HttpResponse<String> answer = empty.get(path.replace("[]", "%5B%5D"));

            assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
            assertThat(answer.body()).as(path).containsPattern("\"(data|result)\":\\[\\]");
        }
    }
}
