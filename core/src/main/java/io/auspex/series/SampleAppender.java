package io.auspex.series;

import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import java.util.List;

/** Where samples are written: the only way in, for senders on the network and for those in the process. */
public interface SampleAppender {
    /** The ref of a series that {@link #register} refused. */
    int REFUSED = -1;

    /** The ref of a series that {@link #register} refused because its metric has too many. */
    int REFUSED_BY_METRIC = -2;

    /** The ref of a series that {@link #register} refused because the node has no memory for further ones. */
    int REFUSED_BY_MEMORY = -3;

    /** Writes the ref of each identity in {@code [from, to)}, -1 where the tenant has no such series. */
    void find(TenantId tenant, long[] high, long[] low, int from, int to, int[] refs);

    /**
     * Registers series durably, or finds those that exist by now.
     *
     * @param limit what the tenant may have; never more than the node allows
     * @return their refs, {@link #REFUSED}, {@link #REFUSED_BY_METRIC} or {@link #REFUSED_BY_MEMORY} for those beyond a
     *     limit
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    int[] register(TenantId tenant, List<NewSeries> series, SeriesLimit limit);

    /**
     * Makes samples durable, then visible. Returns after the commit, with a verdict for each sample in the batch;
     * rejected ones do not keep the others out.
     *
     * @throws AuspexException UNAVAILABLE when nothing was acknowledged: try again later
     */
    void append(TenantId tenant, AppendBatch batch, AppendWindow window);
}
