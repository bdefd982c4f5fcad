package io.auspex.ingest.boundary;

import io.auspex.ingest.Account;
import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.TimePrecision;
import io.auspex.ingest.control.IngestSettings;
import io.auspex.ingest.control.WriteRequests;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.TenantPrincipal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The caller's samples, as collectors send them. For keys with the scope ingest, and operators.
 *
 * <p>Of each body the first {@code length} bytes are the request as it was sent. Each method returns when the samples
 * are durable, and throws {@link AuspexException} with FORBIDDEN, BAD_DATA, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, or
 * UNAVAILABLE when nothing was stored.
 */
@ApplicationScoped
public class SampleWrites {
    @Inject
    CurrentTenant current;

    @Inject
    WriteRequests requests;

    @Inject
    IngestSettings settings;

    /** Stores a remote-write 1.0 request: a snappy block of a {@code prometheus.WriteRequest}. */
    public Account remoteWrite1(byte[] body, int length) {
        return requests.remoteWrite1(tenant(), body, length);
    }

    /** Stores a remote-write 2.0 request: a snappy block of an {@code io.prometheus.write.v2.Request}. */
    public Account remoteWrite2(byte[] body, int length) {
        return requests.remoteWrite2(tenant(), body, length);
    }

    /** Stores lines of the Influx line protocol, with the parameters of the request. */
    public Account influx(
            byte[] body,
            int length,
            ContentEncoding encoding,
            TimePrecision precision,
            UnaryOperator<@Nullable String> parameters) {
        return requests.influx(tenant(), body, length, encoding, precision, parameters);
    }

    /** Stores Prometheus text or, as a whole or not at all, OpenMetrics. */
    public Account text(byte[] body, int length, ContentEncoding encoding, boolean openMetrics) {
        return requests.text(tenant(), body, length, encoding, openMetrics);
    }

    /** Stores OpenTelemetry metrics: an {@code ExportMetricsServiceRequest} as protobuf or as JSON. */
    public Account otlp(byte[] body, int length, ContentEncoding encoding, boolean json) {
        return requests.otlp(tenant(), body, length, encoding, json);
    }

    /**
     * Refuses a caller that may not write, before its body is read.
     *
     * @throws AuspexException FORBIDDEN
     */
    public void authorize() {
        tenant();
    }

    private TenantId tenant() {
        TenantPrincipal caller = current.principal();
        if (!current.isCallerInRole(Scope.INGEST_NAME) && !current.isCallerInRole(Role.OPERATOR_NAME)) {
            throw new AuspexException(Code.FORBIDDEN, "writing samples needs the scope ingest or the role operator");
        }
        return caller.tenant();
    }

    /** The largest request that is read at all, in bytes as sent. */
    public int maxRequestBytes() {
        return settings.maxRequestBytes();
    }
}
