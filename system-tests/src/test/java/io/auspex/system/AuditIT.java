package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What was done is in the trail, also what was done behind the server's back; changing the trail shows. */
final class AuditIT {
    private static final RunningServer SERVER = RunningServer.shared();

    private static ApiClient tenantWithAuditor(String slug) {
        ApiClient platform = TwoTenants.get().platform;
        String id = ApiClient.field(
                platform.post("/api/tenant-management/tenants", "{\"slug\":\"" + slug + "\",\"name\":\"" + slug + "\"}")
                        .body(),
                "id");
        platform.post(
                "/api/tenant-management/tenants/" + id + "/users",
                "{\"login\":\"both\",\"displayName\":\"Both\",\"roles\":[\"tenant-admin\",\"auditor\"],\"password\":\""
                        + TwoTenants.PASSWORD + "\"}");
        return ApiClient.signedIn(SERVER, "both@" + slug, TwoTenants.PASSWORD);
    }

    @Test
    void trail_namesActorCorrelationAndReason() {
        ApiClient auditor = tenantWithAuditor("audited");

        auditor.with("X-Correlation-ID", "audit-it-1")
                .post("/api/v1/api-keys", "{\"name\":\"robot\",\"scopes\":[\"ingest\"]}");

        String trail = auditor.get("/api/v1/audit").body();
        assertThat(trail)
                .contains("\"objectType\":\"api_key\"")
                .contains("\"correlation\":\"audit-it-1\"")
                .contains("\"action\":\"sign-in\"")
                .contains("\"action\":\"enter\"")
                .contains("\"reason\":\"system test\"")
                .containsPattern("\"actor\":\"user:\\d+@1\"")
                .doesNotContain(TwoTenants.PASSWORD)
                .doesNotContain("argon2id");
        assertThat(auditor.get("/api/v1/audit/verify").body()).contains("\"valid\":true");
    }

    @Test
    void trail_hasWhatDirectSqlDid() throws Exception {
        ApiClient auditor = tenantWithAuditor("audited-sql");

        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "auspex");
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update auspex.tenant set name = 'by hand' where slug = 'audited-sql'");
        }

        assertThat(auditor.get("/api/v1/audit").body())
                .contains("\"actor\":\"db:postgres\"")
                .contains("by hand");
        assertThat(auditor.get("/api/v1/audit/verify").body()).contains("\"valid\":true");
    }

    @Test
    void verify_findsATouchedEntry_evenTheSuperusers() throws Exception {
        ApiClient auditor = tenantWithAuditor("audited-touched");
        String tenant = "(select tenant_id from auspex.tenant where slug = 'audited-touched')";

        try (Connection connection = EmbeddedDatabase.superuser(SERVER, "auspex");
                Statement statement = connection.createStatement()) {
            statement.execute("alter table auspex.audit_log disable trigger append_only");
            try {
                statement.executeUpdate(
                        "update auspex.audit_log set actor = 'user:99' where seq = 2 and tenant_id = " + tenant);
            } finally {
                statement.execute("alter table auspex.audit_log enable trigger append_only");
            }
        }

        assertThat(auditor.get("/api/v1/audit/verify").body())
                .contains("\"valid\":false")
                .contains("entry 2 was changed or put in");
    }
}
