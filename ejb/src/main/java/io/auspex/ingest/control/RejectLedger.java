package io.auspex.ingest.control;

import io.auspex.ingest.Account;
import io.auspex.ingest.Reason;
import io.auspex.ingest.boundary.Rejects.Rejected;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rejected samples of each tenant since the start of the node, by protocol and reason, each with the latest example.
 *
 * <p>Bounded by tenants times protocols times reasons.
 */
@ApplicationScoped
public class RejectLedger {
    @Inject
    Clock clock;

    private final ConcurrentHashMap<Key, Rejected> entries = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, String protocol, Reason reason) {}

    void add(TenantId tenant, String protocol, Account account) {
        Instant now = clock.instant();
        account.refusals()
                .forEach((reason, refusal) -> entries.merge(
                        new Key(tenant, protocol, reason),
                        new Rejected(
                                protocol,
                                reason.name().toLowerCase(Locale.ROOT),
                                reason.text(),
                                refusal.samples(),
                                now,
                                now,
                                refusal.series(),
                                refusal.detail()),
                        RejectLedger::sum));
    }

    private static Rejected sum(Rejected old, Rejected added) {
        return new Rejected(
                old.protocol(),
                old.reason(),
                old.text(),
                old.samples() + added.samples(),
                old.first(),
                added.last(),
                added.series(),
                added.detail());
    }

    /** A tenant's rejects, the latest first. */
    public List<Rejected> list(TenantId tenant) {
        return entries.keySet().stream()
                .filter(key -> key.tenant().equals(tenant))
                .map(key -> Optional.ofNullable(entries.get(key)))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Rejected::last).reversed())
                .toList();
    }
}
