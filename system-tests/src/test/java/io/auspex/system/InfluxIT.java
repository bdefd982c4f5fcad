package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The Influx line protocol against the packaged server, with the credentials of both versions' clients. */
final class InfluxIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final long SECONDS = System.currentTimeMillis() / 1000;

    private static HttpResponse<String> post(HttpRequest.Builder request, byte[] body) {
        // what curl calls a body by itself
        return SERVER.send(request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static HttpResponse<String> post(String path, String body) {
        return post(SERVER.withApiKey(path), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String value(String query) {
        return SERVER.send(
                        SERVER.withApiKey("/api/v1/query?query=" + query).GET().build())
                .body();
    }

    @Test
    void write_storesTheFields_ofBothVersions() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("influx2,host=a used=0.1 " + SECONDS + "000\n").getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> first =
                post("/write?db=x&precision=s", "influx1,host=a used=0.1,free=2i,text=\"x\" " + SECONDS);
        HttpResponse<String> second = post(
                SERVER.request("/api/v2/write?org=o&bucket=b&precision=ms")
                        .header("Authorization", "Token " + RunningServer.API_KEY)
                        .header("Content-Encoding", "gzip"),
                packed.toByteArray());

        assertThat(first.statusCode()).as(first.body()).isEqualTo(204);
        assertThat(second.statusCode()).as(second.body()).isEqualTo(204);
        assertThat(value("influx1_used")).contains("\"host\":\"a\"").contains("\"0.1\"]");
        assertThat(value("influx1_free")).contains("\"2\"]");
        assertThat(value("influx2_used")).contains("\"0.1\"]");
    }

    @Test
    void write_takesTheKey_whereverAClientPutsIt() {
        byte[] line = ("influx_key v=1 " + SECONDS).getBytes(StandardCharsets.UTF_8);
        String basic =
                Base64.getEncoder().encodeToString(("any:" + RunningServer.API_KEY).getBytes(StandardCharsets.UTF_8));
        String write = "/write?precision=s";

        assertThat(post(SERVER.request(write + "&u=any&p=" + RunningServer.API_KEY), line)
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(SERVER.request(write).header("Authorization", "Basic " + basic), line)
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(SERVER.request(write + "&u=any&p=wrong"), line).statusCode())
                .isEqualTo(401);
        assertThat(post(SERVER.request(write), line).statusCode()).isEqualTo(401);
        // not beyond the paths of Influx
        assertThat(SERVER.get("/api/v1/labels?u=any&p=" + RunningServer.API_KEY).statusCode())
                .isEqualTo(401);
        assertThat(SERVER.get("/ping?p=" + RunningServer.API_KEY).statusCode()).isEqualTo(204);
    }

    @Test
    void write_storesTheGoodLines_andNamesTheBadOnes() {
        String body = "influx_partial v=1 " + SECONDS + "\nno fields\ninflux_partial v=2 99999999999\n";
        HttpResponse<String> first = post("/write?precision=s", body);
        HttpResponse<String> second = post("/api/v2/write?precision=s", body);

        assertThat(first.statusCode()).isEqualTo(400);
        assertThat(first.body())
                .startsWith("{\"error\":\"partial write: ")
                .contains("line 2: ")
                .contains("line 3: further in the future")
                .contains("dropped=2");
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(second.body()).startsWith("{\"code\":\"invalid\",\"message\":\"partial write: ");
        assertThat(value("influx_partial_v")).contains("\"1\"]");
    }

    @Test
    void write_refusesWhatIsNoLineProtocol() {
        assertThat(post("/write?precision=fortnights", "a v=1").body()).contains("precision must be");
        assertThat(post(SERVER.withApiKey("/write").header("Content-Encoding", "br"), new byte[] {1})
                        .statusCode())
                .isEqualTo(415);
        assertThat(post(SERVER.withApiKey("/write").header("Content-Encoding", "gzip"), new byte[] {1})
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(SERVER.withApiKey("/api/v2/write"), new byte[17 << 20]).statusCode())
                .isEqualTo(413);
    }

    @Test
    void samples_areSeenByTheirTenantOnly() {
        TwoTenants tenants = TwoTenants.get();
        HttpResponse<String> key =
                tenants.firstAdmin.post("/api/v1/api-keys", "{\"name\":\"influx\",\"scopes\":[\"ingest\"]}");
        byte[] line = ("influx_north v=1 " + SECONDS).getBytes(StandardCharsets.UTF_8);

        assertThat(post(
                                SERVER.request("/write?precision=s")
                                        .header("Authorization", "Token " + ApiClient.field(key.body(), "key")),
                                line)
                        .statusCode())
                .isEqualTo(204);
        assertThat(tenants.firstAdmin.get("/api/v1/query?query=influx_north_v").body())
                .contains("\"1\"]");
        assertThat(tenants.secondAdmin.get("/api/v1/query?query=influx_north_v").body())
                .contains("\"result\":[]");
        assertThat(value("influx_north_v")).contains("\"result\":[]");
    }
}
