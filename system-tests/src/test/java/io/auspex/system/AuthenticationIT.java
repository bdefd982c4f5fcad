package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who is let in, by which credential, and for how long. */
final class AuthenticationIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final String PROTECTED = "/api/v1/api-keys";
    private static final Duration PROPAGATION = Duration.ofSeconds(5);

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static ApiClient authorized(String header) {
        return new ApiClient(SERVER).with("Authorization", header);
    }

    private static String tokens(String body) {
        HttpResponse<String> answer = new ApiClient(SERVER).post("/api/v1/auth/token", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String signIn(String login, String password) {
        return tokens("{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}");
    }

    /** Polls, because a revocation may take a second to be seen. */
    private static void awaitStatus(int wanted, Supplier<HttpResponse<String>> request) {
        long deadline = System.nanoTime() + PROPAGATION.toNanos();
        int status = request.get().statusCode();
        while (status != wanted && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            status = request.get().statusCode();
        }
        assertThat(status).isEqualTo(wanted);
    }

    @Test
    void apiKey_isAccepted_inEveryFormThatClientsSend() {
        String key = RunningServer.API_KEY;

        assertThat(authorized("Bearer " + key).get(PROTECTED).statusCode()).isEqualTo(200);
        assertThat(authorized("Token " + key).get(PROTECTED).statusCode()).isEqualTo(200);
        assertThat(authorized(basic("anybody", key)).get(PROTECTED).statusCode())
                .isEqualTo(200);
    }

    @Test
    void request_isRefused_withoutAGoodCredential() {
        for (String header : new String[] {
            "Bearer nonsense",
            "Bearer " + RunningServer.API_KEY + "x",
            basic("admin", RunningServer.ADMIN_PASSWORD),
            "Basic ?",
            ""
        }) {
            HttpResponse<String> answer = authorized(header).get(PROTECTED);

            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"auspex\"");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(ApiClient.field(answer.body(), "type")).isEqualTo("/problems/unauthenticated");
        }
    }

    @Test
    void token_isRefused_whenAnythingInItWasChanged() {
        String token = ApiClient.field(signIn("admin", RunningServer.ADMIN_PASSWORD), "accessToken");
        String[] parts = token.split("\\.");
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(authorized("Bearer " + token).get(PROTECTED).statusCode()).isEqualTo(200);
        assertThat(authorized("Bearer " + header + "." + parts[1] + "." + parts[2])
                        .get(PROTECTED)
                        .statusCode())
                .isEqualTo(401);
        assertThat(authorized("Bearer " + header + "." + parts[1] + ".")
                        .get(PROTECTED)
                        .statusCode())
                .isEqualTo(401);
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("\"tid\":\"default\"", "\"tid\":\"north\"");
        String moved = Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(StandardCharsets.UTF_8));
        assertThat(authorized("Bearer " + parts[0] + "." + moved + "." + parts[2])
                        .get(PROTECTED)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refreshToken_endsItsSession_whenItIsUsedTwice() {
        String first = signIn("admin", RunningServer.ADMIN_PASSWORD);
        String refresh = "{\"refreshToken\":\"" + ApiClient.field(first, "refreshToken") + "\"}";
        String second = tokens(refresh);
        ApiClient caller = authorized("Bearer " + ApiClient.field(second, "accessToken"));
        assertThat(caller.get(PROTECTED).statusCode()).isEqualTo(200);

        HttpResponse<String> replayed = new ApiClient(SERVER).post("/api/v1/auth/refresh", refresh);

        assertThat(replayed.statusCode()).isEqualTo(401);
        awaitStatus(401, () -> caller.get(PROTECTED));
    }

    @Test
    void revoke_endsTheSession() {
        String pair = signIn("admin", RunningServer.ADMIN_PASSWORD);
        ApiClient caller = authorized("Bearer " + ApiClient.field(pair, "accessToken"));
        assertThat(caller.get(PROTECTED).statusCode()).isEqualTo(200);

        HttpResponse<String> revoked = new ApiClient(SERVER)
                .post("/api/v1/auth/revoke", "{\"refreshToken\":\"" + ApiClient.field(pair, "refreshToken") + "\"}");

        assertThat(revoked.statusCode()).isEqualTo(204);
        awaitStatus(401, () -> caller.get(PROTECTED));
    }

    @Test
    void apiKey_stopsWorking_whenItIsRevoked() {
        TwoTenants tenants = TwoTenants.get();
        HttpResponse<String> made =
                tenants.firstAdmin.post(PROTECTED, "{\"name\":\"short-lived\",\"scopes\":[\"admin\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        ApiClient machine = ApiClient.withBearer(SERVER, ApiClient.field(made.body(), "key"));
        assertThat(machine.get(PROTECTED).statusCode()).isEqualTo(200);

        assertThat(tenants.firstAdmin
                        .delete(PROTECTED + "/" + ApiClient.field(made.body(), "id"))
                        .statusCode())
                .isEqualTo(204);

        awaitStatus(401, () -> machine.get(PROTECTED));
    }

    @Test
    void apiKey_isNeverShownAgain() {
        TwoTenants tenants = TwoTenants.get();
        String secret = ApiClient.field(
                tenants.firstAdmin
                        .post(PROTECTED, "{\"name\":\"once\",\"scopes\":[\"query\"]}")
                        .body(),
                "key");

        assertThat(tenants.firstAdmin.get(PROTECTED).body())
                .contains("\"once\"")
                .doesNotContain(secret);
    }

    @Test
    void user_isRefused_fromTheNextSecondOn_whenDisabled() {
        TwoTenants tenants = TwoTenants.get();
        String users = "/api/tenant-management/tenants/" + tenants.first + "/users";
        HttpResponse<String> made = tenants.firstAdmin.post(
                users,
                "{\"login\":\"leaver\",\"displayName\":\"Leaver\",\"roles\":[\"tenant-admin\"],\"password\":\""
                        + TwoTenants.PASSWORD + "\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        ApiClient leaver = ApiClient.signedIn(SERVER, "leaver@north", TwoTenants.PASSWORD);
        assertThat(leaver.get(PROTECTED).statusCode()).isEqualTo(200);

        HttpResponse<String> disabled = tenants.firstAdmin
                .with("If-Match", made.headers().firstValue("ETag").orElseThrow())
                .put(
                        users + "/" + ApiClient.field(made.body(), "id"),
                        "{\"displayName\":\"Leaver\",\"roles\":[\"tenant-admin\"],\"enabled\":false}");

        assertThat(disabled.statusCode()).as(disabled.body()).isEqualTo(200);
        awaitStatus(401, () -> leaver.get(PROTECTED));
    }

    @Test
    void tenant_isRefused_whileItIsSuspended() {
        ApiClient platform = TwoTenants.get().platform;
        HttpResponse<String> made =
                platform.post("/api/tenant-management/tenants", "{\"slug\":\"pausing\",\"name\":\"Pausing\"}");
        String id = ApiClient.field(made.body(), "id");
        platform.post(
                "/api/tenant-management/tenants/" + id + "/users",
                "{\"login\":\"boss\",\"displayName\":\"Boss\",\"roles\":[\"tenant-admin\"],\"password\":\""
                        + TwoTenants.PASSWORD + "\"}");
        ApiClient boss = ApiClient.signedIn(SERVER, "boss@pausing", TwoTenants.PASSWORD);
        assertThat(boss.get(PROTECTED).statusCode()).isEqualTo(200);

        assertThat(platform.post("/api/v1/tenants/" + id + "/suspend", "").statusCode())
                .isEqualTo(200);
        awaitStatus(401, () -> boss.get(PROTECTED));

        assertThat(platform.post("/api/v1/tenants/" + id + "/resume", "").statusCode())
                .isEqualTo(200);
        awaitStatus(200, () -> boss.get(PROTECTED));
    }

    @Test
    void signIn_answersTheSame_whetherTheNameExistsOrNot() {
        HttpResponse<String> wrong = new ApiClient(SERVER)
                .post("/api/v1/auth/token", "{\"login\":\"tenant-admin@south\",\"password\":\"wrong password\"}");
        HttpResponse<String> unknown = new ApiClient(SERVER)
                .post("/api/v1/auth/token", "{\"login\":\"nobody@south\",\"password\":\"wrong password\"}");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(ApiClient.field(unknown.body(), "detail")).isEqualTo(ApiClient.field(wrong.body(), "detail"));
    }

    @Test
    void tenantHeader_isHonoured_onlyForTheOwnTenant() {
        ApiClient caller = TwoTenants.get().firstAdmin;

        assertThat(caller.with("X-Scope-OrgID", "north").get(PROTECTED).statusCode())
                .isEqualTo(200);
        assertThat(caller.with("X-Scope-OrgID", "south").get(PROTECTED).statusCode())
                .isEqualTo(403);
        assertThat(caller.with("X-Scope-OrgID", "north|south").get(PROTECTED).statusCode())
                .isEqualTo(403);
    }

    @Test
    void jwks_showsPublicKeysOnly() {
        String keys = new ApiClient(SERVER).get("/.well-known/jwks.json").body();

        assertThat(keys).contains("\"kty\":\"EC\"").doesNotContain("\"d\":");
    }
}
