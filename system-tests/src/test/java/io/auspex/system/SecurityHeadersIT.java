package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every route, refused and admitted, and every kind of error carries the headers; nothing is open by accident. */
final class SecurityHeadersIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private static final Map<String, String> EXPECTED = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin");

    /** What needs no credential, with the reason that everybody may see it; everything else does. */
    private static final List<String> PUBLIC = List.of(
            "/health", // probes
            "/login", // where one gets a credential
            "/api/v1/auth/", // likewise, for programs
            "/error", // shows what the container says, nothing else
            "/.well-known/", // made to be public
            "/resources/", // style and scripts of the sign-in page
            "/jakarta.faces.resource/",
            "/problems/"); // what an error means

    private static final String NOBODYS = "999999";

    private record Answer(int status, HttpHeaders headers) {}

    private static Answer call(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(SERVER.uri(path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<InputStream> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close(); // an endless stream is not waited for
            return new Answer(answer.statusCode(), answer.headers());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void assertHardened(String what, Answer answer) {
        EXPECTED.forEach((header, value) -> assertThat(answer.headers().allValues(header))
                .as(what + ": " + header)
                .containsExactly(value));
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .as(what)
                .singleElement()
                .asString()
                .contains("default-src 'self'")
                .contains("object-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Correlation-ID")).as(what).isPresent();
        assertThat(answer.headers().firstValue("Server")).as(what).isEmpty();
        assertThat(answer.headers().firstValue("X-Powered-By")).as(what).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyRoute_isHardened_andNeedsACredential() {
        List<Routes.Route> routes = Routes.all();
        assertThat(routes).hasSizeGreaterThan(20);
        return routes.stream()
                .map(route -> DynamicTest.dynamicTest(route.method() + " " + route.template(), () -> {
                    String path = route.path(NOBODYS); // a delete must find nothing
                    Answer refused = call(route.method(), path);
                    assertHardened("without credential", refused);
                    if (PUBLIC.stream().noneMatch(path::startsWith)) {
                        assertThat(refused.status()).isEqualTo(401);
                        String key = "Bearer " + RunningServer.API_KEY;
                        assertHardened("with credential", call(route.method(), path, "Authorization", key));
                    }
                }));
    }

    @Test
    void pages_sendPeopleToTheSignInPage() {
        Answer answer = call("GET", "/some-page.xhtml?x=1", "Accept", "text/html");

        assertHardened("redirect", answer);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElseThrow())
                .endsWith("/login.xhtml?from=%2Fsome-page.xhtml%3Fx%3D1");
    }

    @Test
    void theSessionCookie_staysWithOurPages() {
        assertThat(call("GET", "/login").headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("auspex=")
                .containsIgnoringCase("; HttpOnly")
                .containsIgnoringCase("; SameSite=Lax");
    }

    @Test
    void errors_areHardenedProblems() {
        String key = "Bearer " + RunningServer.API_KEY;

        for (Map.Entry<String, Integer> error : Map.of(
                        "GET /api/v1/nothing", 404,
                        "GET /nothing", 404,
                        "PATCH /api/v1/api-keys", 405,
                        "GET /api/v1/api-keys?limit=0", 400,
                        "GET /api/v1/api-keys?cursor=x", 400)
                .entrySet()) {
            String[] request = error.getKey().split(" ");
            Answer answer = call(request[0], request[1], "Authorization", key);

            assertHardened(error.getKey(), answer);
            assertThat(answer.status()).as(error.getKey()).isEqualTo(error.getValue());
            assertThat(answer.headers().firstValue("Content-Type"))
                    .as(error.getKey())
                    .contains("application/problem+json");
        }
        Answer wrongType = call("POST", "/api/v1/auth/token", "Content-Type", "text/plain", "Authorization", key);
        assertThat(wrongType.status()).isEqualTo(415);
        assertHardened("415", wrongType);
        Answer methods = call("PATCH", "/api/v1/api-keys", "Authorization", key);
        assertThat(methods.headers().firstValue("Allow").orElse(""))
                .contains("GET")
                .contains("POST");
    }

    @Test
    void correlation_isTheCallers_whenWellFormed() {
        Answer echoed = call("GET", "/api/v1/nothing", "X-Correlation-ID", "order-4711");
        Answer replaced = call("GET", "/api/v1/nothing", "X-Correlation-ID", "<script>");

        assertThat(echoed.headers().firstValue("X-Correlation-ID")).contains("order-4711");
        assertThat(replaced.headers().firstValue("X-Correlation-ID").orElseThrow())
                .hasSize(36);
    }
}
