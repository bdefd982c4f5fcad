package io.auspex.identity.control;

import io.auspex.identity.SignInName;
import io.auspex.identity.UserDetails;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import io.auspex.tenancy.control.TenantStore;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The first credentials of a new installation: tenant {@code default}, platform administrator {@code admin} and an API
 * key.
 *
 * <p>They come from {@code auspex.bootstrap.admin.password} and {@code auspex.bootstrap.api.key}; what is not given is
 * made at random and written to {@code $AUSPEX_DATA/secrets/first-credentials}. No default password exists. Nodes
 * that start together take turns; later starts change nothing, except that a key given then is added.
 */
@Startup
@Singleton
@DependsOn("Migrator")
@TransactionManagement(TransactionManagementType.BEAN)
@DenyAll
public class Bootstrap {
    public static final String FILE = "first-credentials";

    private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());
    private static final long LOCK = 0x617573706579L;
    private static final String ADMIN = "admin";
    private static final int MIN_SECRET = 8;
    private static final int ONE_TIME_LENGTH = 20;

    @Inject
    TenantJdbc jdbc;

    @Inject
    Passwords passwords;

    @Inject
    SecretFiles files;

    @Inject
    TokenKeys tokenKeys;

    @Inject
    @ConfigProperty(name = "auspex.bootstrap.admin.password")
    Optional<String> givenPassword;

    @Inject
    @ConfigProperty(name = "auspex.bootstrap.api.key")
    Optional<String> givenKey;

    @PostConstruct
    void start() {
        checkLength("auspex.bootstrap.admin.password", givenPassword);
        checkLength("auspex.bootstrap.api.key", givenKey);
        jdbc.callUnbound(connection -> {
            lock(connection);
            Optional<TenantId> known = Accounts.tenant(connection, SignInName.DEFAULT_TENANT);
            TenantId tenant = known.isPresent()
                    ? known.get()
                    : TenantStore.create(connection, SignInName.DEFAULT_TENANT, "Default");
            TenantJdbc.bind(connection, tenant);
            Optional<Integer> admin = administrator(connection, tenant);
            if (admin.isEmpty()) {
                createFirst(connection, tenant);
            } else if (givenKey.isPresent() && !keyKnown(connection, givenKey.get())) {
                insertKey(connection, tenant, admin.get(), givenKey.get());
            }
            return Boolean.TRUE;
        });
        tokenKeys.signer();
    }

    private void createFirst(Connection connection, TenantId tenant) throws SQLException {
        String password = givenPassword.orElseGet(() -> Secrets.random().substring(0, ONE_TIME_LENGTH));
        String key = givenKey.orElseGet(() -> "auspex_" + Secrets.random());
        UserDetails details = new UserDetails("Administrator", "", true, EnumSet.of(Role.PLATFORM_ADMIN, Role.AUDITOR));
        int admin = UserStore.insert(
                connection, tenant, ADMIN, details, passwords.hash(password.toCharArray()), givenPassword.isEmpty());
        insertKey(connection, tenant, admin, key);
        StringBuilder made = new StringBuilder();
        if (givenPassword.isEmpty()) {
            made.append("login=")
                    .append(ADMIN)
                    .append("\npassword=")
                    .append(password)
                    .append('\n');
        }
        if (givenKey.isEmpty()) {
            made.append("api-key=").append(key).append('\n');
        }
        if (made.length() > 0) {
            files.replace(FILE, made.toString());
        }
        LOG.log(System.Logger.Level.INFO, "first credentials made tenant={0} login={1}", tenant, ADMIN);
    }

    private static void insertKey(Connection connection, TenantId tenant, int admin, String key) throws SQLException {
        ApiKeyStore.insert(connection, tenant, admin, "bootstrap", Set.of(Scope.values()), Optional.empty(), key);
    }

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
    }

    private static Optional<Integer> administrator(Connection connection, TenantId tenant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select min(user_id) from auspex.role_assignment where tenant_id = ? and role = 'platform-admin'")) {
            select.setInt(1, tenant.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                int id = row.getInt(1);
                return row.wasNull() ? Optional.empty() : Optional.of(id);
            }
        }
    }

    private static boolean keyKnown(Connection connection, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1 from auspex.identity_api_key(?)")) {
            select.setBytes(1, Secrets.sha256(key));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void checkLength(String name, Optional<String> secret) {
        if (secret.isPresent() && secret.get().length() < MIN_SECRET) {
            throw new IllegalStateException(name + " must have at least " + MIN_SECRET + " characters");
        }
    }
}
