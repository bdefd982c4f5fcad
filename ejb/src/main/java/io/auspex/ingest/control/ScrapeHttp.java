package io.auspex.ingest.control;

import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.ScrapeTarget;
import io.auspex.platform.PromDuration;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One GET of a target over a connection of its own.
 *
 * <p>Not the JDK's client, since that resolves names by itself: here the address that was judged is the one that is
 * connected to. Redirects are not followed. All of it, names aside, ends with the timeout of the target.
 */
final class ScrapeHttp {
    private static final String ACCEPT = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
            + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
    private static final int MOST_HEAD = 32 << 10;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final ScrapeSettings settings;

    ScrapeHttp(ScrapeSettings settings) {
        this.settings = settings;
    }

    /** What a target answered. */
    record Response(String contentType, ContentEncoding encoding, byte[] body) {}

    /**
     * Fetches a target.
     *
     * @param authorization header that is sent, empty for none
     * @throws IOException in words for people, when there is no answer with status 200 in time
     */
    Response get(ScrapeTarget target, String authorization, SSLSocketFactory tls, long mostBytes) throws IOException {
        long deadline = System.nanoTime() + target.timeout().toNanos();
        boolean secure = target.scheme().equals("https");
        Endpoint endpoint = Endpoint.of(target.address(), secure ? HTTPS : HTTP);
        InetAddress address = resolve(endpoint);
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(address, endpoint.port()), remaining(deadline));
            Socket socket = secure ? secured(plain, endpoint, target, tls, deadline) : plain;
            socket.getOutputStream().write(head(target, authorization));
            socket.getOutputStream().flush();
            return read(new BufferedInputStream(new Timed(socket, deadline), 1 << 14), mostBytes);
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "no complete answer within "
                            + PromDuration.format(target.timeout().toMillis()),
                    e);
        }
    }

    private record Endpoint(String host, int port) {
        static Endpoint of(String address, int port) throws IOException {
            int bracket = address.lastIndexOf(']');
            int colon = address.lastIndexOf(':');
            String host = address;
            int number = port;
            if (colon > bracket) {
                host = address.substring(0, colon);
                try {
                    number = Integer.parseInt(address.substring(colon + 1));
                } catch (NumberFormatException e) {
                    number = -1;
                }
            }
            if (number < 1 || number > 65_535 || !host.matches("[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\]")) {
                throw new IOException("'" + address + "' is not an address");
            }
            return new Endpoint(host.replaceAll("[\\[\\]]", ""), number);
        }
    }

    private InetAddress resolve(Endpoint endpoint) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(endpoint.host());
        } catch (UnknownHostException e) {
            throw new IOException("no such host: " + endpoint.host(), e);
        }
        String why = "";
        for (InetAddress address : addresses) {
            String denied = settings.denies(address, endpoint.port());
            if (denied.isEmpty()) {
                return address;
            }
            why = address.getHostAddress() + " is not scraped: " + denied;
        }
        throw new IOException(why);
    }

    private static Socket secured(
            Socket plain, Endpoint endpoint, ScrapeTarget target, SSLSocketFactory tls, long deadline)
            throws IOException {
        String name = target.job().access().serverName().isEmpty()
                ? endpoint.host()
                : target.job().access().serverName();
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, name, endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (!target.job().access().insecure()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (name.matches(".*[A-Za-z].*") && name.indexOf(':') < 0) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(remaining(deadline));
        socket.startHandshake();
        return socket;
    }

    private static byte[] head(ScrapeTarget target, String authorization) {
        StringBuilder head = new StringBuilder(512)
                .append("GET ")
                .append(target.path().replaceAll("[\\x00-\\x20\\x7f]", ""))
                .append(" HTTP/1.1\r\n")
                .append("Host: ")
                .append(target.address())
                .append("\r\n")
                .append("User-Agent: Auspex\r\nConnection: close\r\n")
                .append("Accept: ")
                .append(ACCEPT)
                .append("\r\n")
                .append("Accept-Encoding: ")
                .append(target.job().compression() ? "gzip" : "identity")
                .append("\r\n")
                .append("X-Prometheus-Scrape-Timeout-Seconds: ")
                .append(target.timeout().toMillis() / 1e3)
                .append("\r\n");
        if (!authorization.isEmpty()) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int remaining(long deadline) throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Waits for each piece no longer than until the deadline, so that slow pieces do not add up. */
    private static final class Timed extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final long deadline;

        Timed(Socket socket, long deadline) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            socket.setSoTimeout(remaining(deadline));
            return in.read(into, at, length);
        }
    }

    private static Response read(InputStream in, long most) throws IOException {
        int[] left = {MOST_HEAD};
        String status = line(in, left);
        if (!status.matches("HTTP/1\\.[01] \\d{3}.*")) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        String code = status.substring(9).strip();
        if (!code.startsWith("200")) {
            throw new IOException("server returned HTTP status " + code.replaceAll("[^\\x20-\\x7e]", "?")
                    + (code.startsWith("3") ? " (redirects are not followed)" : ""));
        }
        byte[] body = body(in, headers, most);
        return new Response(
                headers.getOrDefault("content-type", ""), ContentEncoding.of(headers.get("content-encoding")), body);
    }

    private static byte[] body(InputStream in, Map<String, String> headers, long most) throws IOException {
        Body body = new Body(most);
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            while (true) {
                String size = line(in, new int[] {200}).split(";", 2)[0].strip();
                if (!size.matches("[0-9a-fA-F]{1,8}")) {
                    throw new IOException("the answer's chunks are not well-formed");
                }
                long length = Long.parseLong(size, 16);
                if (length == 0) {
                    return body.bytes();
                }
                body.take(in, length, true);
                line(in, new int[] {2});
            }
        }
        String length = headers.get("content-length");
        if (length == null) {
            body.take(in, Long.MAX_VALUE, false);
        } else if (length.matches("\\d{1,18}")) {
            body.take(in, Long.parseLong(length), true);
        } else {
            throw new IOException("the answer's length is not a number");
        }
        return body.bytes();
    }

    /** Bytes as they come, never more than the limit. */
    private static final class Body {
        private final long most;
        private byte[] bytes = new byte[1 << 14];
        private int size;

        Body(long most) {
            this.most = most;
        }

        void take(InputStream in, long length, boolean all) throws IOException {
            for (long left = length; left > 0; ) {
                if (size == bytes.length) {
                    bytes = Arrays.copyOf(bytes, bytes.length * 2);
                }
                int read = in.read(bytes, size, (int) Math.min(left, bytes.length - size));
                if (read < 0) {
                    if (all) {
                        throw new EOFException("the answer ends too soon");
                    }
                    return;
                }
                size += read;
                left -= read;
                if (size > most) {
                    throw new IOException("body size limit exceeded");
                }
            }
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, size);
        }
    }

    private static String line(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the answer ends too soon");
            }
            if (--left[0] < 0) {
                throw new IOException("the answer's head is too large");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
