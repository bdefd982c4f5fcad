package io.auspex.system;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A caller of the API with one credential, or none. */
final class ApiClient {
    private static final String JSON = "application/json";

    private final RunningServer server;
    private final Map<String, String> headers = new HashMap<>();

    ApiClient(RunningServer server) {
        this.server = server;
    }

    /** Signs in over the API. */
    static ApiClient signedIn(RunningServer server, String login, String password) {
        HttpResponse<String> answer = new ApiClient(server)
                .post("/api/v1/auth/token", "{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("sign-in as " + login + ": " + answer.statusCode() + " " + answer.body());
        }
        return withBearer(server, field(answer.body(), "accessToken"));
    }

    static ApiClient administrator(RunningServer server) {
        return signedIn(server, "admin", RunningServer.ADMIN_PASSWORD).with("X-Reason", "system test");
    }

    static ApiClient withBearer(RunningServer server, String token) {
        return new ApiClient(server).with("Authorization", "Bearer " + token);
    }

    /** This caller with one more header. */
    ApiClient with(String header, String value) {
        ApiClient client = new ApiClient(server);
        client.headers.putAll(headers);
        client.headers.put(header, value);
        return client;
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, null, JSON);
    }

    HttpResponse<String> post(String path, String json) {
        return send("POST", path, json, JSON);
    }

    HttpResponse<String> put(String path, String json) {
        return send("PUT", path, json, JSON);
    }

    HttpResponse<String> delete(String path) {
        return send("DELETE", path, null, JSON);
    }

    HttpResponse<String> send(String method, String path, String body, String contentType) {
        HttpRequest.Builder request = server.request(path);
        headers.forEach(request::setHeader);
        if (body == null) {
            return server.send(
                    request.method(method, HttpRequest.BodyPublishers.noBody()).build());
        }
        return server.send(request.setHeader("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** The value of the first member with that name, as text; the tests' bodies nest no equal names. */
    static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(-?\\d+|true|false))")
                .matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }
}
