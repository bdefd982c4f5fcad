package io.auspex.identity.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Password hashes: Argon2id for new ones, bcrypt accepted from elsewhere.
 *
 * <p>Stored in the PHC form {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Cost after OWASP's password storage
 * cheat sheet (19 MiB, two passes); at most {@value #AT_A_TIME} hashes are computed at a time, so that a storm of
 * sign-ins takes neither all memory nor all cores.
 */
@ApplicationScoped
public class Passwords {
    private static final int AT_A_TIME = 2;
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern ARGON2ID = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$.{53}");
    /** bcrypt looks at no more. */
    private static final int BCRYPT_MAX_BYTES = 72;

    private final SecureRandom random = new SecureRandom();
    private final Semaphore permits = new Semaphore(AT_A_TIME, true);
    private volatile String nobodys = "";

    @PostConstruct
    void prepare() {
        nobodys = hash(new char[] {'-'});
    }

    public String hash(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] hash = argon2id(password, salt, MEMORY_KIB, PASSES, 1, HASH_BYTES);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }

    /** Whether the password is the one behind the hash; a hash of no known form fits none. */
    public boolean matches(char[] password, String stored) {
        Matcher argon2id = ARGON2ID.matcher(stored);
        if (argon2id.matches()) {
            byte[] expected = Base64.getDecoder().decode(argon2id.group(5));
            byte[] actual = argon2id(
                    password,
                    Base64.getDecoder().decode(argon2id.group(4)),
                    Integer.parseInt(argon2id.group(1)),
                    Integer.parseInt(argon2id.group(2)),
                    Integer.parseInt(argon2id.group(3)),
                    expected.length);
            return MessageDigest.isEqual(expected, actual);
        }
        return BCRYPT.matcher(stored).matches() && bcrypt(password, stored);
    }

    /** Takes as long as {@link #matches} and never does: for names that nobody has. */
    public void matchNobody(char[] password) {
        matches(password, nobodys);
    }

    /** Whether a hash is weaker than those we make now. */
    public boolean outdated(String stored) {
        return !stored.startsWith("$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$");
    }

    private byte[] argon2id(char[] password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        byte[] secret = utf8(password);
        byte[] hash = new byte[length];
        acquire();
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes)
                    .withSalt(salt)
                    .build());
            generator.generateBytes(secret, hash);
            return hash;
        } finally {
            permits.release();
            Arrays.fill(secret, (byte) 0);
        }
    }

    private boolean bcrypt(char[] password, String stored) {
        byte[] secret = utf8(password);
        acquire();
        try {
            return secret.length <= BCRYPT_MAX_BYTES && OpenBSDBCrypt.checkPassword(stored, password);
        } finally {
            permits.release();
            Arrays.fill(secret, (byte) 0);
        }
    }

    private void acquire() {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuspexException(Code.UNAVAILABLE, "the server is shutting down", e);
        }
    }

    private static byte[] utf8(char[] password) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
