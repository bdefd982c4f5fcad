package io.auspex.ingest.control;

import io.auspex.ingest.Account;
import io.auspex.ingest.BodyInflater;
import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.InfluxLineDecoder;
import io.auspex.ingest.LineErrors;
import io.auspex.ingest.Protocol;
import io.auspex.ingest.RemoteWrite2Decoder;
import io.auspex.ingest.RemoteWriteDecoder;
import io.auspex.ingest.SeriesResolver;
import io.auspex.ingest.TextDecoder;
import io.auspex.ingest.TimePrecision;
import io.auspex.series.SampleAppender;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.concurrent.ConcurrentLinkedQueue;

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

    private final ConcurrentLinkedQueue<Desk> idle = new ConcurrentLinkedQueue<>();

    /** What one request needs to be decoded. */
    private static final class Desk {
        final DecodedBatch decoded = new DecodedBatch();
        final BodyInflater inflater = new BodyInflater();
        final RemoteWriteDecoder remoteWrite1 = new RemoteWriteDecoder();
        final RemoteWrite2Decoder remoteWrite2 = new RemoteWrite2Decoder();
        final InfluxLineDecoder influx = new InfluxLineDecoder();
        final TextDecoder text = new TextDecoder();
    }

    /** Work with a desk, which goes back when it is done. */
    @FunctionalInterface
    private interface Work {
        Account at(Desk desk);
    }

    Account with(Work work) {
        Desk kept = idle.poll();
        Desk desk = kept == null ? new Desk() : kept;
        try {
            return work.at(desk);
        } finally {
            idle.add(desk);
        }
    }

    /** Remote write 1.0: a snappy block of a protobuf write request. */
    public Account remoteWrite1(TenantId tenant, byte[] body, int length) {
        return with(desk -> {
            desk.remoteWrite1.decode(body, 0, length, settings.limits(), resolver(tenant), desk.decoded);
            return pipeline.write(tenant, Protocol.REMOTE_WRITE_V1, desk.decoded, new Account());
        });
    }

    /** Remote write 2.0: the same with a table of symbols. */
    public Account remoteWrite2(TenantId tenant, byte[] body, int length) {
        return with(desk -> {
            desk.remoteWrite2.decode(body, 0, length, settings.limits(), resolver(tenant), desk.decoded);
            return pipeline.write(tenant, Protocol.REMOTE_WRITE_V2, desk.decoded, new Account());
        });
    }

    /** The Influx line protocol. */
    public Account influx(TenantId tenant, byte[] body, int length, ContentEncoding encoding, TimePrecision precision) {
        return with(desk -> {
            int size = desk.inflater.inflate(
                    encoding, body, length, settings.limits().maxBodyBytes());
            LineErrors errors = desk.influx.decode(
                    desk.inflater.bytes(),
                    0,
                    size,
                    precision,
                    clock.millis(),
                    settings.limits(),
                    resolver(tenant),
                    desk.decoded);
            Account account = new Account();
            account.rejectLines(errors);
            return pipeline.write(tenant, Protocol.INFLUX, desk.decoded, account);
        });
    }

    /** The Prometheus text format, or OpenMetrics. */
    public Account text(TenantId tenant, byte[] body, int length, ContentEncoding encoding, boolean openMetrics) {
        return with(desk -> {
            int size = desk.inflater.inflate(
                    encoding, body, length, settings.limits().maxBodyBytes());
            LineErrors errors = desk.text.decode(
                    desk.inflater.bytes(),
                    size,
                    openMetrics,
                    clock.millis(),
                    settings.limits(),
                    resolver(tenant),
                    desk.decoded);
            Account account = new Account();
            account.rejectLines(errors);
            return pipeline.write(tenant, Protocol.TEXT, desk.decoded, account);
        });
    }

    private SeriesResolver resolver(TenantId tenant) {
        return (high, low, from, to, refs) -> appender.find(tenant, high, low, from, to, refs);
    }
}
