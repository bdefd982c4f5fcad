package io.auspex.ingest.control;

import io.auspex.ingest.Account;
import io.auspex.ingest.BodyInflater;
import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.InfluxLineDecoder;
import io.auspex.ingest.LineErrors;
import io.auspex.ingest.OtlpDecoder;
import io.auspex.ingest.OtlpJson;
import io.auspex.ingest.Protocol;
import io.auspex.ingest.RemoteWrite2Decoder;
import io.auspex.ingest.RemoteWriteDecoder;
import io.auspex.ingest.SeriesResolver;
import io.auspex.ingest.SeriesRewrites;
import io.auspex.ingest.TextDecoder;
import io.auspex.ingest.TextFormat;
import io.auspex.ingest.TimePrecision;
import io.auspex.series.FollowedSamples;
import io.auspex.series.Labels;
import io.auspex.series.SampleAppender;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decodes requests, each protocol its own way, on decoders and buffers that are used again. */
@ApplicationScoped
public class WriteRequests {
    @Inject
    IngestPipeline pipeline;

    @Inject
    IngestSettings settings;

    @Inject
    SampleAppender appender;

    @Inject
    Clock clock;

    @Inject
    IngestConfigStore config;

    private final SampleQuota quota = new SampleQuota();
    private final ConcurrentLinkedQueue<Desk> idle = new ConcurrentLinkedQueue<>();

    /** What one request needs to be decoded. */
    private static final class Desk {
        final DecodedBatch decoded = new DecodedBatch();
        final BodyInflater inflater = new BodyInflater();
        final RemoteWriteDecoder remoteWrite1 = new RemoteWriteDecoder();
        final RemoteWrite2Decoder remoteWrite2 = new RemoteWrite2Decoder();
        final InfluxLineDecoder influx = new InfluxLineDecoder();
        final TextDecoder text = new TextDecoder();
        final OtlpDecoder otlp = new OtlpDecoder();
        final OtlpJson otlpJson = new OtlpJson();
    }

    /** Work with a desk, which goes back when it is done. */
    @FunctionalInterface
    private interface Work {
        Account at(Desk desk);
    }

    private Account with(TenantId tenant, Work work) {
        int perSecond = config.effective(tenant).samplesPerSecond();
        quota.admit(tenant, perSecond);
        Desk kept = idle.poll();
        Desk desk = kept == null ? new Desk() : kept;
        try {
            Account account = work.at(desk);
            quota.charge(tenant, account.samples() + account.histograms() + account.rejected() + account.dropped());
            return account;
        } finally {
            idle.add(desk);
        }
    }

    /** What a tenant sends to other nodes counts here as well. */
    void followed(@Observes FollowedSamples samples) {
        quota.charge(samples.tenant(), samples.samples());
    }

    /** Remote write 1.0: a snappy block of a protobuf write request. */
    public Account remoteWrite1(TenantId tenant, byte[] body, int length) {
        return with(tenant, desk -> {
            desk.remoteWrite1.decode(body, 0, length, settings.limits(), resolver(tenant), desk.decoded);
            return pipeline.write(tenant, Protocol.REMOTE_WRITE_V1, desk.decoded, new Account());
        });
    }

    /** Remote write 2.0: the same with a table of symbols. */
    public Account remoteWrite2(TenantId tenant, byte[] body, int length) {
        return with(tenant, desk -> {
            desk.remoteWrite2.decode(body, 0, length, settings.limits(), resolver(tenant), desk.decoded);
            return pipeline.write(tenant, Protocol.REMOTE_WRITE_V2, desk.decoded, new Account());
        });
    }

    /**
     * The Influx line protocol.
     *
     * @param parameters of the request, by name; those that the tenant promotes become labels
     */
    public Account influx(
            TenantId tenant,
            byte[] body,
            int length,
            ContentEncoding encoding,
            TimePrecision precision,
            UnaryOperator<@Nullable String> parameters) {
        Labels promoted = Labels.EMPTY;
        for (String name : config.effective(tenant).influxPromote()) {
            String value = parameters.apply(name);
            promoted = value == null ? promoted : promoted.with(name, value);
        }
        Labels more = promoted;
        return with(tenant, desk -> {
            int size = desk.inflater.inflate(
                    encoding, body, length, settings.limits().maxBodyBytes());
            LineErrors errors = desk.influx.decode(
                    desk.inflater.bytes(),
                    0,
                    size,
                    precision,
                    clock.millis(),
                    more,
                    settings.limits(),
                    resolver(tenant),
                    desk.decoded);
            return write(tenant, Protocol.INFLUX, desk, errors);
        });
    }

    /** The Prometheus text format, or OpenMetrics. */
    public Account text(TenantId tenant, byte[] body, int length, ContentEncoding encoding, boolean openMetrics) {
        return with(tenant, desk -> {
            int size = desk.inflater.inflate(
                    encoding, body, length, settings.limits().maxBodyBytes());
            LineErrors errors = desk.text.decode(
                    desk.inflater.bytes(),
                    size,
                    openMetrics ? TextFormat.OPENMETRICS : TextFormat.PROMETHEUS,
                    clock.millis(),
                    settings.limits(),
                    resolver(tenant),
                    desk.decoded);
            return write(tenant, Protocol.TEXT, desk, errors);
        });
    }

    /** Text that a target exposed, as it came. */
    record Scraped(byte[] body, ContentEncoding encoding, TextFormat format, long epochMillis, int mostBytes) {}

    /**
     * What a target exposed.
     *
     * @param rewrites what becomes of its labels
     * @param before sees what was read; what it throws keeps all of it out
     * @param after sees the refs that its series have
     */
    Account scraped(
            TenantId tenant,
            Scraped scraped,
            SeriesRewrites rewrites,
            BiConsumer<DecodedBatch, LineErrors> before,
            Consumer<DecodedBatch> after) {
        return with(tenant, desk -> {
            int size = desk.inflater.inflate(
                    scraped.encoding(), scraped.body(), scraped.body().length, scraped.mostBytes());
            LineErrors errors = desk.text.decode(
                    desk.inflater.bytes(),
                    size,
                    scraped.format(),
                    scraped.epochMillis(),
                    settings.limits(),
                    new TenantSeriesResolver(appender, tenant, rewrites),
                    desk.decoded);
            before.accept(desk.decoded, errors);
            Account account = write(tenant, Protocol.SCRAPE, desk, errors);
            after.accept(desk.decoded);
            return account;
        });
    }

    /** Says that series have ended; those that are not known any more have nobody to tell. */
    void stale(TenantId tenant, Set<SeriesIdentity> ended, long epochMillis) {
        if (!ended.isEmpty()) {
            pipeline.stale(tenant, ended, epochMillis);
        }
    }

    private Account write(TenantId tenant, Protocol protocol, Desk desk, LineErrors errors) {
        Account account = new Account();
        account.rejectLines(errors);
        return pipeline.write(tenant, protocol, desk.decoded, account);
    }

    /** OpenTelemetry metrics, as protobuf or as JSON. */
    public Account otlp(TenantId tenant, byte[] body, int length, ContentEncoding encoding, boolean json) {
        return with(tenant, desk -> {
            int limit = settings.limits().maxBodyBytes();
            int size = desk.inflater.inflate(encoding, body, length, limit);
            byte[] bytes = desk.inflater.bytes();
            if (json) {
                size = desk.otlpJson.rewrite(bytes, size, limit);
                bytes = desk.otlpJson.bytes();
            }
            desk.otlp.decode(
                    bytes,
                    size,
                    config.effective(tenant).otlpPromote(),
                    settings.limits(),
                    resolver(tenant),
                    desk.decoded);
            return pipeline.write(tenant, Protocol.OTLP, desk.decoded, new Account());
        });
    }

    private SeriesResolver resolver(TenantId tenant) {
        return new TenantSeriesResolver(appender, tenant, config.rewrites(tenant));
    }
}
