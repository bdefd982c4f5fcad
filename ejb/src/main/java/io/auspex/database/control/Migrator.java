package io.auspex.database.control;

import io.auspex.tenancy.control.DataSources;
import io.auspex.tenancy.control.IsolationGuard;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema up to date before anything else of the application starts, then has {@link IsolationGuard}
 * judge the result. Beans that touch the database at start-up say {@code @DependsOn("Migrator")}.
 *
 * <p>Nodes that start together take turns by an advisory lock. A database whose stored checksum equals the
 * packaged change log's is left alone without starting Liquibase.
 */
@Startup
@Singleton
@TransactionManagement(TransactionManagementType.BEAN)
@PermitAll
public class Migrator {
    private static final System.Logger LOG = System.getLogger(Migrator.class.getName());
    private static final long MIGRATION_LOCK = 0x617573706578L; // "auspex"

    @Resource(lookup = DataSources.OWNER)
    DataSource owner;

    @Inject
    IsolationGuard guard;

    @Inject
    @ConfigProperty(name = "auspex.db.owner.user")
    String ownerRole;

    @Inject
    @ConfigProperty(name = "auspex.db.app.user")
    String appRole;

    @PostConstruct
    void migrate() {
        try (Connection connection = owner.getConnection()) {
            lock(connection, "select pg_advisory_lock(?)");
            try {
                update(connection);
            } finally {
                if (!connection.getAutoCommit()) {
                    connection.commit();
                    connection.setAutoCommit(true);
                }
                lock(connection, "select pg_advisory_unlock(?)");
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("the schema could not be brought up to date: " + e.getMessage(), e);
        }
        guard.check(ownerRole);
    }

    private void update(Connection connection) throws SQLException, IOException {
        String packaged = packagedChecksum();
        if (packaged.equals(storedChecksum(connection))) {
            LOG.log(System.Logger.Level.INFO, "schema is current checksum={0}", packaged);
            return;
        }
        inThreadOfItsOwn(() -> runLiquibase(connection));
        storeChecksum(connection, packaged);
        LOG.log(System.Logger.Level.INFO, "schema migrated checksum={0}", packaged);
    }

    private @Nullable Void runLiquibase(Connection connection) throws Exception {
        JdbcConnection jdbc = new JdbcConnection(connection);
        try (ClassLoaderResourceAccessor resources = new ClassLoaderResourceAccessor(Migrator.class.getClassLoader())) {
            Liquibase liquibase = new Liquibase("changelog/master.xml", resources, jdbc);
            liquibase.getDatabase().setDefaultSchemaName("auspex");
            liquibase.getDatabase().setLiquibaseSchemaName("auspex");
            liquibase.setChangeLogParameter("ownerRole", ownerRole);
            liquibase.setChangeLogParameter("appRole", appRole);
            liquibase.update("");
        }
        return null;
    }

    /** Liquibase leaves thread-locals behind; on a pooled thread they would outlive the application. */
    private static void inThreadOfItsOwn(Callable<@Nullable Void> work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "auspex-migration");
        thread.setContextClassLoader(Migrator.class.getClassLoader());
        thread.start();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the change log could not be run: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the change log ran", e);
        }
    }

    private static void lock(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, MIGRATION_LOCK);
            statement.execute();
        }
    }

    private static String packagedChecksum() throws IOException {
        try (InputStream in = Migrator.class.getClassLoader().getResourceAsStream("changelog/checksum.txt")) {
            if (in == null) {
                throw new IOException("changelog/checksum.txt is not packaged");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }

    private static String storedChecksum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists auspex.schema_checksum (only_row boolean primary key default true check (only_row), sha256 text not null)");
            try (ResultSet row = statement.executeQuery("select sha256 from auspex.schema_checksum")) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static void storeChecksum(Connection connection, String checksum) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into auspex.schema_checksum (sha256) values (?) on conflict (only_row) do update set sha256 = excluded.sha256")) {
            statement.setString(1, checksum);
            statement.executeUpdate();
        }
    }
}
