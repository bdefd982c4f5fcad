package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.ScrapeJob;
import io.auspex.ingest.ScrapeTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against servers that say what they like. */
final class ScrapeHttpTest {
    private static final long MOST = 10_000;

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    private volatile String asked = "";

    ScrapeHttpTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static ScrapeSettings settings(String allow, String databaseUrl) {
        ScrapeSettings settings = new ScrapeSettings();
        settings.allow = Optional.of(allow);
        settings.deny = ScrapeSettings.DENY;
        settings.databaseUrl = Optional.of(databaseUrl);
        settings.read();
        return settings;
    }

    private static ScrapeTarget target(String address, String more) {
        ScrapeJob job = ScrapeConfigs.parse(
                        "[{job_name: a, scrape_interval: 2s, scrape_timeout: 500ms, params: {q: ['a b']}" + more + "}]",
                        Duration.ofSeconds(1))
                .get(0);
        return ScrapeTarget.of(job, ScrapeTarget.discovered(job, address, Map.of()))
                .orElseThrow();
    }

    /** Answers one request with these pieces, slowly when they are several. */
    private String serve(String... pieces) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                asked = head.toString();
                for (String piece : pieces) {
                    socket.getOutputStream().write(piece.getBytes(StandardCharsets.UTF_8));
                    socket.getOutputStream().flush();
                    if (pieces.length > 2) {
                        Thread.sleep(100);
                    }
                }
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt(); // the client has had enough
            }
        });
        thread.setDaemon(true);
        thread.start();
        return "127.0.0.1:" + server.getLocalPort();
    }

    private static ScrapeHttp.Response get(String address, String more) throws IOException {
        return new ScrapeHttp(settings("127.0.0.0/8", "jdbc:postgresql://127.0.0.1:1/x"))
                .get(target(address, more), "Bearer x", (SSLSocketFactory) SSLSocketFactory.getDefault(), MOST);
    }

    @Test
    void get_asksAsPrometheusDoes() throws IOException {
        ScrapeHttp.Response answer = get(
                serve(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: 4\r\n\r\nup 1 and more"),
                "");

        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("up 1");
        assertThat(answer.contentType()).isEqualTo("text/plain; version=0.0.4");
        assertThat(answer.encoding()).isEqualTo(ContentEncoding.IDENTITY);
        assertThat(asked)
                .startsWith("GET /metrics?q=a+b HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n")
                .contains("\r\nAccept: application/openmetrics-text;version=1.0.0;")
                .contains("text/plain;version=0.0.4;")
                .contains("\r\nAccept-Encoding: gzip\r\n")
                .contains("\r\nX-Prometheus-Scrape-Timeout-Seconds: 0.5\r\n")
                .contains("\r\nAuthorization: Bearer x\r\n");
    }

    @Test
    void get_readsChunksAndOpenEnds() throws IOException {
        assertThat(get(
                                serve(
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nup \r\n1\r\n1\r\n0\r\n\r\n"),
                                "")
                        .body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("up 1");
        assertThat(get(serve("HTTP/1.0 200 OK\r\n\r\n", "up 1"), "").body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("up 1");
    }

    @Test
    void whatIsNotAGoodAnswer_isToldInWords() {
        failed("HTTP/1.1 404 Not Found\r\n\r\n", "server returned HTTP status 404 Not Found");
        failed("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", "redirects are not followed");
        failed("SSH-2.0-OpenSSH\r\n", "the answer is not HTTP/1.1");
        failed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nup", "the answer ends too soon");
        failed("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nup", "length is not a number");
        failed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunks are not well-formed");
        failed("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(20_000), "body size limit exceeded");
        failed("HTTP/1.1 200 OK\r\nA: " + "x".repeat(40_000), "the answer's head is too large");
    }

    private void failed(String answer, String why) {
        String address = serve(answer);
        assertThatThrownBy(() -> get(address, ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    @Test
    void slowPieces_doNotAddUp() {
        String[] pieces = new String[30];
        java.util.Arrays.fill(pieces, "x");
        pieces[0] = "HTTP/1.1 200 OK\r\n\r\n";
        String address = serve(pieces);
        long began = System.nanoTime();

        assertThatThrownBy(() -> get(address, "")).hasMessage("no complete answer within 500ms");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1_500));
    }

    @Test
    void addresses_areJudgedBeforeAnythingIsSent() {
        ScrapeSettings closed = settings("", "jdbc:postgresql://127.0.0.1:7777/x");
        ScrapeSettings open = settings("0.0.0.0/0,::/0", "jdbc:postgresql://127.0.0.1:7777/x");
        for (String address : new String[] {
            "127.0.0.1:80", "localhost:80", "[::1]:80", "169.254.169.254", "0.0.0.0:80", "[fe80::1]:80", "2130706433:80"
        }) {
            denied(closed, address, "the operator denies");
        }
        denied(open, "127.0.0.1:7777", "it is the server's own database or administration");
        denied(open, "127.0.0.1:4848", "it is the server's own database or administration");
        denied(open, "0.0.0.0:7777", "it is the server's own database or administration");
        denied(open, "a b:80", "is not an address");
        denied(open, "h:99999", "is not an address");
        assertThat(asked).isEmpty();
    }

    private static void denied(ScrapeSettings settings, String address, String why) {
        assertThatThrownBy(() -> new ScrapeHttp(settings)
                        .get(target(address, ""), "", (SSLSocketFactory) SSLSocketFactory.getDefault(), MOST))
                .as(address)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }
}
