package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.DocumentSigner;
import io.auspex.series.DeletionRequest;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Matcher;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The table {@code deletion_request}: what tenants had deleted, from the moment it is hidden until it is erased or taken
 * back (ADR 051).
 */
@ApplicationScoped
public class DeletionRequests {
    /** Deletions of one tenant that may wait for their erasure: each costs every read of the tenant a look. */
    public static final int MOST_HIDDEN = 100;

    private static final System.Logger LOG = System.getLogger(DeletionRequests.class.getName());
    private static final int LOOK_SECONDS = 60;
    private static final String CERTIFICATE = "erasure-certificate";
    private static final String SELECT = "select request_id, selectors, selectors_hash, from_ms, to_ms, series,"
            + " requested_by, requested_at, undo_until, state, ended_by, ended_at, erased_series, erased_samples,"
            + " certificate from auspex.deletion_request";

    @Inject
    StorageBeans storage;

    @Inject
    MetadataStore metadata;

    @Inject
    TenantJdbc jdbc;

    @Inject
    DocumentSigner signer;

    @Inject
    Event<ErasedSeries> erased;

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.deletion.undo-window", defaultValue = "PT24H")
    Duration undoWindow;

    @Resource
    @Nullable
    ManagedScheduledExecutorService executor;

    private final Map<TenantId, Map<Long, Map<Long, Integer>>> refsOfRequests = new ConcurrentHashMap<>();

    /** Requests that this node erases just now. */
    private final Set<Long> erasing = ConcurrentHashMap.newKeySet();

    /** Requests that another node erases just now, to whose series nobody may write meanwhile. */
    private final Set<Long> closed = new HashSet<>();

    private @Nullable Future<?> task;

    /**
     * What somebody wants to be deleted.
     *
     * @param texts the selectors as written
     * @param undo how long it may be taken back; the configured time when absent
     */
    public record Wanted(
            List<List<Matcher>> selectors,
            List<String> texts,
            long fromMillis,
            long toMillis,
            Optional<Duration> undo,
            String by) {}

    @PostConstruct
    void start() {
        ManagedScheduledExecutorService threads = executor;
        if (threads != null) {
            task = threads.scheduleWithFixedDelay(this::eraseDue, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    @PreDestroy
    void stop() {
        Future<?> running = task;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Hides, at start-up, what was hidden when the last process ended, and from then on what other nodes hide. */
    void load() {
        metadata.hide(storage.engine()::goneMetrics);
        sync();
        storage.engine().regularly(this::sync);
    }

    /** Brings this node to what the table says: other nodes hide, take back, erase. */
    synchronized void sync() {
        Map<TenantId, Map<Long, Boolean>> hidden = hidden();
        hidden.forEach((tenant, requests) -> requests.forEach((id, erasing) -> {
            if (!isHidden(tenant, id)) {
                hide(tenant, id);
            }
            if (erasing && !storage.engine().leads() && closed.add(id)) {
                storage.engine().close(tenant, refs(tenant, id).values());
            } else if (!erasing && closed.remove(id)) {
                storage.engine().reopen(tenant, refs(tenant, id).values(), Set.of());
            }
        }));
        refsOfRequests.forEach((tenant, requests) -> requests.keySet().forEach(id -> {
            if (!hidden.getOrDefault(tenant, Map.of()).containsKey(id) && !erasing.contains(id)) {
                ended(tenant, id);
            }
        }));
    }

    /** What is hidden, of all tenants, and whether a node erases it just now. */
    private Map<TenantId, Map<Long, Boolean>> hidden() {
        return jdbc.callUnbound(connection -> {
            Map<TenantId, Map<Long, Boolean>> hidden = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(
                            "select tenant_id, request_id, erasing from auspex.deletion_request_hidden()");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    hidden.computeIfAbsent(new TenantId(row.getInt(1)), absent -> new HashMap<>())
                            .put(row.getLong(2), row.getBoolean(3));
                }
            }
            return hidden;
        });
    }

    private Map<Long, Integer> refs(TenantId tenant, long id) {
        return refsOfRequests.getOrDefault(tenant, Map.of()).getOrDefault(id, Map.of());
    }

    private boolean isHidden(TenantId tenant, long id) {
        return refsOfRequests.getOrDefault(tenant, Map.of()).containsKey(id);
    }

    private void hide(TenantId tenant, long id) {
        record Range(List<Long> ids, long from, long to) {}
        Optional<Range> range = jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select series_ids, from_ms, to_ms"
                    + " from auspex.deletion_request where request_id = ? and state = 'hidden'")) {
                statement.setLong(1, id);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Range(
                                    List.of((Long[]) row.getArray(1).getArray()), row.getLong(2), row.getLong(3)))
                            : Optional.empty();
                }
            }
        });
        range.ifPresent(
                found -> hide(tenant, id, storage.engine().refs(tenant, found.ids()), found.from(), found.to()));
    }

    /** What another node has ended: taken back, or erased. */
    private void ended(TenantId tenant, long id) {
        DeletionRequest request = get(tenant, id);
        if (request.state() == DeletionRequest.State.HIDDEN) {
            return; // it was hidden a moment ago
        }
        Map<Long, Integer> refs = refs(tenant, id);
        Set<Integer> gone = Set.of();
        if (request.state() == DeletionRequest.State.ERASED) {
            Tombstones.Deletion deletion = deletion(request, refs);
            if (!storage.engine().drop(tenant, deletion, refs.values())) {
                return; // it stays hidden until the next flush has taken what is left of it
            }
            gone = gone(tenant, refs);
            Erasure.Outcome outcome = storage.engine().outcome(tenant, gone);
            if (!outcome.series().isEmpty()) {
                erased.fire(storage.engine().erased(tenant, outcome));
                metadata.forget(tenant, outcome.metrics());
            }
        }
        storage.engine().reopen(tenant, refs.values(), gone);
        closed.remove(id);
        forget(tenant, id);
        storage.engine().tombstones().remove(tenant, id);
    }

    private Set<Integer> gone(TenantId tenant, Map<Long, Integer> refs) {
        Set<Long> left = jdbc.call(
                tenant,
                connection -> SeriesRegistry.stored(connection, refs.keySet()).keySet());
        return refs.entrySet().stream()
                .filter(each -> !left.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private void hide(TenantId tenant, long id, Map<Long, Integer> refs, long fromMillis, long toMillis) {
        RoaringBitmap hidden = new RoaringBitmap();
        refs.values().forEach(hidden::add);
        refsOfRequests
                .computeIfAbsent(tenant, absent -> new ConcurrentHashMap<>())
                .put(id, refs);
        storage.engine().hide(tenant, new Tombstones.Deletion(id, hidden, fromMillis, toMillis));
    }

    /**
     * Hides samples from all reads at once, to be erased later. What comes after the present is not part of it.
     *
     * @return nothing when no series has samples in the range
     */
    public Optional<DeletionRequest> create(TenantId tenant, Wanted wanted) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        long to = Math.min(wanted.toMillis(), now.toEpochMilli());
        if (wanted.fromMillis() > to) {
            return Optional.empty();
        }
        Duration undo = wanted.undo().orElse(undoWindow);
        if (storage.engine().tombstones().of(tenant).count() >= MOST_HIDDEN) {
            throw new AuspexException(
                    Code.UNPROCESSABLE,
                    "there are " + MOST_HIDDEN + " deletions that are not erased yet, the most that a tenant may have");
        }
        RoaringBitmap found = new RoaringBitmap();
        for (List<Matcher> matchers : wanted.selectors()) {
            found.or(storage.engine().packedStore().matching(tenant, matchers, wanted.fromMillis(), to));
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<Long, Integer> refs = new HashMap<>();
        found.forEach((IntConsumer) ref -> refs.put(storage.engine().seriesId(ref), ref));
        JsonArrayBuilder texts = Json.createArrayBuilder();
        wanted.texts().forEach(texts::add);
        String selectors = texts.build().toString();
        long id = jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into auspex.deletion_request"
                    + " (tenant_id, selectors, selectors_hash, from_ms, to_ms, series, series_ids, requested_by,"
                    + " requested_at, undo_until) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning request_id")) {
                statement.setInt(1, tenant.value());
                statement.setString(2, selectors);
                statement.setString(3, sha256(selectors));
                statement.setLong(4, wanted.fromMillis());
                statement.setLong(5, to);
                statement.setInt(6, refs.size());
                Array ids = connection.createArrayOf("bigint", refs.keySet().toArray());
                statement.setArray(7, ids);
                statement.setString(8, wanted.by());
                statement.setTimestamp(9, Timestamp.from(now));
                statement.setTimestamp(10, Timestamp.from(now.plus(undo)));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
        hide(tenant, id, refs, wanted.fromMillis(), to);
        return Optional.of(get(tenant, id));
    }

    /** The latest requests first. */
    public List<DeletionRequest> list(TenantId tenant, int limit) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(SELECT + " order by requested_at desc, request_id desc limit ?")) {
                statement.setInt(1, limit);
                return read(statement);
            }
        });
    }

    /** @throws AuspexException NOT_FOUND */
    public DeletionRequest get(TenantId tenant, long id) {
        return jdbc
                .call(tenant, connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(SELECT + " where request_id = ?")) {
                        statement.setLong(1, id);
                        return read(statement);
                    }
                })
                .stream()
                .findFirst()
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is no such deletion"));
    }

    /**
     * Takes a deletion back: everything is as it was.
     *
     * @throws AuspexException NOT_FOUND, or CONFLICT when it is too late or was done before
     */
    public DeletionRequest undo(TenantId tenant, long id, String by) {
        Instant now = clock.instant();
        int changed = jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("update auspex.deletion_request"
                    + " set state = 'undone', ended_by = ?, ended_at = ?, series_ids = '{}'"
                    + " where request_id = ? and state = 'hidden' and undo_until > ?")) {
                statement.setString(1, by);
                statement.setTimestamp(2, Timestamp.from(now));
                statement.setLong(3, id);
                statement.setTimestamp(4, Timestamp.from(now));
                return statement.executeUpdate();
            }
        });
        DeletionRequest request = get(tenant, id);
        if (changed == 0) {
            throw new AuspexException(
                    Code.CONFLICT,
                    request.state() == DeletionRequest.State.HIDDEN
                            ? "deletion " + id + " could be undone until " + request.undoUntil()
                            : "deletion " + id + " is " + request.state().wireName());
        }
        forget(tenant, id);
        storage.engine().tombstones().remove(tenant, id);
        return request;
    }

    /** Erases what can no longer be taken back, of all tenants; for the timer, on the node that writes packs. */
    void eraseDue() {
        for (TenantId tenant : refsOfRequests.keySet()) {
            try {
                eraseDue(tenant);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "erasure failed, the next look tries again tenant=" + tenant, e);
            }
        }
    }

    /**
     * Erases what can no longer be taken back of a tenant's deletions, and answers how many. On a node that does not
     * write packs none: the one that does looks every minute.
     */
    public int eraseDue(TenantId tenant) {
        if (!storage.engine().leads()) {
            return 0;
        }
        List<DeletionRequest> due = jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    SELECT + " where state = 'hidden' and undo_until <= ? order by request_id")) {
                statement.setTimestamp(1, Timestamp.from(clock.instant()));
                return read(statement);
            }
        });
        int done = 0;
        for (DeletionRequest request : due) {
            done += erase(tenant, request) ? 1 : 0;
        }
        return done;
    }

    private boolean erase(TenantId tenant, DeletionRequest request) {
        Map<Long, Integer> refs = refs(tenant, request.id());
        Tombstones.Deletion deletion = deletion(request, refs);
        long epoch = storage.engine().epoch();
        erasing.add(request.id());
        try {
            erasing(tenant, request.id(), Optional.of(epoch));
            Consumer<ErasedSeries> tell = erased::fire;
            Optional<Erasure.Outcome> outcome = storage.engine()
                    .erase(tenant, deletion, refs, tell, (connection, done) -> {
                        StorageNode.require(connection, epoch);
                        finish(connection, tenant, request, done);
                    });
            outcome.ifPresent(done -> {
                forget(tenant, request.id());
                metadata.forget(tenant, done.metrics());
                LOG.log(
                        System.Logger.Level.INFO,
                        "erased request={0} series={1} samples={2}",
                        request.id(),
                        done.series().size(),
                        done.samples());
            });
            return outcome.isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuspexException(Code.UNAVAILABLE, "the server is shutting down", e);
        } finally {
            erasing.remove(request.id());
            erasing(tenant, request.id(), Optional.empty());
        }
    }

    private static Tombstones.Deletion deletion(DeletionRequest request, Map<Long, Integer> refs) {
        RoaringBitmap hidden = new RoaringBitmap();
        refs.values().forEach(hidden::add);
        return new Tombstones.Deletion(request.id(), hidden, request.fromMillis(), request.toMillis());
    }

    /** Tells the other nodes that a request is being erased, or not any more. */
    private void erasing(TenantId tenant, long id, Optional<Long> epoch) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("update auspex.deletion_request"
                    + " set erasing = ? where request_id = ? and erasing is distinct from ? and state = 'hidden'")) {
                statement.setObject(1, epoch.orElse(null), java.sql.Types.BIGINT);
                statement.setLong(2, id);
                statement.setObject(3, epoch.orElse(null), java.sql.Types.BIGINT);
                statement.executeUpdate();
            }
        });
    }

    private void forget(TenantId tenant, long id) {
        Map<Long, Map<Long, Integer>> own = refsOfRequests.get(tenant);
        if (own != null) {
            own.remove(id);
        }
    }

    private void finish(Connection connection, TenantId tenant, DeletionRequest request, Erasure.Outcome outcome)
            throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("deletion", request.id());
        claims.put("tenant", tenant.value());
        claims.put("selectorsSha256", request.selectorsHash());
        claims.put("from", request.fromMillis());
        claims.put("to", request.toMillis());
        claims.put("requestedBy", request.requestedBy());
        claims.put("requestedAt", request.requestedAt().toString());
        claims.put("erasedAt", now.toString());
        claims.put("erasedSeries", outcome.series().size());
        claims.put("erasedSamples", outcome.samples());
        try (PreparedStatement statement = connection.prepareStatement(
                "update auspex.deletion_request"
                        + " set state = 'erased', ended_by = 'system', ended_at = ?, selectors = '', series_ids = '{}',"
                        + " erased_series = ?, erased_samples = ?, certificate = ? where request_id = ? and state = 'hidden'")) {
            statement.setTimestamp(1, Timestamp.from(now));
            statement.setInt(2, outcome.series().size());
            statement.setLong(3, outcome.samples());
            statement.setString(4, signer.sign(CERTIFICATE, claims));
            statement.setLong(5, request.id());
            if (statement.executeUpdate() != 1) {
                throw new SQLException("deletion " + request.id() + " ended meanwhile", "40001");
            }
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<DeletionRequest> read(PreparedStatement statement) throws SQLException {
        List<DeletionRequest> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new DeletionRequest(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getInt(6),
                        row.getString(7),
                        row.getTimestamp(8).toInstant(),
                        row.getTimestamp(9).toInstant(),
                        DeletionRequest.State.valueOf(row.getString(10).toUpperCase(java.util.Locale.ROOT)),
                        Optional.ofNullable(row.getString(11)),
                        Optional.ofNullable(row.getTimestamp(12)).map(Timestamp::toInstant),
                        row.getInt(13),
                        row.getLong(14),
                        Optional.ofNullable(row.getString(15))));
            }
        }
        return found;
    }
}
