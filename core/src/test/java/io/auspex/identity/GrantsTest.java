package io.auspex.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GrantsTest {
    @Test
    void ofUser_spellsOutWhatIsImplied() {
        assertThat(Grants.ofUser(List.of(Role.VIEWER))).containsExactly("viewer");
        assertThat(Grants.ofUser(List.of(Role.OPERATOR))).containsExactly("analyst", "operator", "viewer");
        assertThat(Grants.ofUser(List.of(Role.TENANT_ADMIN)))
                .containsExactly("analyst", "operator", "tenant-admin", "viewer");
        assertThat(Grants.ofUser(List.of(Role.PLATFORM_ADMIN)))
                .containsExactly("analyst", "operator", "platform-admin", "tenant-admin", "viewer");
    }

    @Test
    void ofUser_neverMakesAnAuditor_ofSomebodyElse() {
        assertThat(Grants.ofUser(EnumSet.complementOf(EnumSet.of(Role.AUDITOR))))
                .doesNotContain("auditor");
        assertThat(Grants.ofUser(List.of(Role.AUDITOR))).containsExactly("auditor");
    }

    @Test
    void ofKey_holdsItsScopesOnly() {
        assertThat(Grants.ofKey(List.of(Scope.INGEST, Scope.QUERY), List.of(Role.TENANT_ADMIN)))
                .containsExactly("key:ingest", "key:query");
    }

    @Test
    void ofKey_neverExceedsItsCreator() {
        List<Scope> all = List.of(Scope.values());

        assertThat(Grants.ofKey(all, List.of())).isEmpty();
        assertThat(Grants.ofKey(all, List.of(Role.AUDITOR))).isEmpty();
        assertThat(Grants.ofKey(all, List.of(Role.VIEWER))).containsExactly("key:query");
        assertThat(Grants.ofKey(all, List.of(Role.OPERATOR))).containsExactly("key:alerts", "key:ingest", "key:query");
    }

    @Test
    void ofKey_staysInsideItsTenant_whenAPlatformAdministratorMadeIt() {
        Set<String> names = Grants.ofKey(List.of(Scope.ADMIN), List.of(Role.PLATFORM_ADMIN));

        assertThat(names).containsExactly("analyst", "key:admin", "operator", "tenant-admin", "viewer");
    }

    @Test
    void mayGrant_platformAdmin_onlyByItsHolders() {
        assertThat(Grants.mayGrant(List.of(Role.TENANT_ADMIN), Role.PLATFORM_ADMIN))
                .isFalse();
        assertThat(Grants.mayGrant(List.of(Role.PLATFORM_ADMIN), Role.PLATFORM_ADMIN))
                .isTrue();
        assertThat(Grants.mayGrant(List.of(Role.OPERATOR), Role.VIEWER)).isFalse();
        assertThat(Grants.mayGrant(List.of(Role.TENANT_ADMIN), Role.TENANT_ADMIN))
                .isTrue();
    }
}
