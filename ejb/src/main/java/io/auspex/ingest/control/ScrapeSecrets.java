package io.auspex.ingest.control;

import io.auspex.ingest.ScrapeJob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Passwords, keys and certificates of one tenant, read from the operator's files whenever they are needed. */
final class ScrapeSecrets {
    private static final long MOST_BYTES = 1 << 20;
    private static final char[] NO_PASSWORD = {};

    private final Optional<Path> directory;

    ScrapeSecrets(Optional<Path> directory) {
        this.directory = directory;
    }

    /** The header that a target is sent, empty for none. */
    String authorization(ScrapeJob.Access access) throws IOException {
        if (access.scheme().isEmpty()) {
            return "";
        }
        String secret =
                access.secret().isEmpty() ? "" : new String(read(access.secret()), StandardCharsets.UTF_8).strip();
        if (!access.scheme().equals("Basic")) {
            if (!secret.matches("[\\x21-\\x7e]+")) {
                throw new IOException("the file " + access.secret() + " holds no credentials");
            }
            return access.scheme() + " " + secret;
        }
        byte[] pair = (access.user() + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private byte[] read(String name) throws IOException {
        if (directory.isEmpty()) {
            throw new IOException(
                    "the file " + name + " cannot be read: the operator has set no auspex.scrape.directory");
        }
        Path file = directory.get().resolve(name);
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            throw new IOException("the operator has put no file " + name + " for this tenant");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("the file " + name + " cannot be read", e);
        }
    }

    SSLSocketFactory tls(ScrapeJob.Access access) throws IOException {
        boolean plain = access.caFile().isEmpty() && access.certFile().isEmpty() && !access.insecure();
        if (plain) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(access), trust(access), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("tls_config: a certificate or key cannot be read", e);
        }
    }

    private TrustManager @Nullable [] trust(ScrapeJob.Access access) throws IOException, GeneralSecurityException {
        if (access.insecure()) {
            return new TrustManager[] {new TrustsAll()};
        }
        if (access.caFile().isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(access.caFile())) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private Collection<? extends Certificate> certificates(String file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(file)));
    }

    private KeyManager @Nullable [] keys(ScrapeJob.Access access) throws IOException, GeneralSecurityException {
        if (access.certFile().isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry(
                "client",
                key(access.keyFile()),
                NO_PASSWORD,
                certificates(access.certFile()).toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private PrivateKey key(String file) throws IOException, GeneralSecurityException {
        String pem = new String(read(file), StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                continue; // a key of another kind
            }
        }
        throw new InvalidKeySpecException("not a PKCS #8 key");
    }

    /** For {@code insecure_skip_verify}, which the tenant asks for by name. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
