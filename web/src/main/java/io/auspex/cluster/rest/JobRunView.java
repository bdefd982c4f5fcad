package io.auspex.cluster.rest;

import io.auspex.cluster.JobRun;
import io.auspex.platform.Page;
import io.auspex.platform.rest.Paging;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job as the API shows it, whatever the job.
 *
 * @param status QUEUED, RUNNING, STOPPING, COMPLETED, FAILED or STOPPED
 * @param percent done of all, 0 to 100
 * @param processed items of the step it is at that are done, where a restart goes on
 * @param total items of that step, 0 while they are not counted
 * @param createdAt RFC 3339
 * @param endedAt RFC 3339, absent while the run is not over
 */
public record JobRunView(
        long id,
        String job,
        String subject,
        String status,
        int percent,
        int processed,
        int total,
        String requestedBy,
        String message,
        String createdAt,
        @Nullable String endedAt) {
    public static JobRunView of(JobRun run) {
        return new JobRunView(
                run.id(),
                run.job(),
                run.subject(),
                run.status().name(),
                run.percent(),
                run.processed(),
                run.total(),
                run.requestedBy(),
                run.message(),
                run.createdAt().toString(),
                run.endedAt().map(Instant::toString).orElse(null));
    }

    /** Says that something goes on in the background, and where to look after it. */
    public static Response accepted(JobRun run, String collection) {
        return Response.accepted(of(run))
                .location(URI.create(collection + "/" + run.id()))
                .build();
    }

    public static Response list(Paging paging, Page<JobRun> runs) {
        return paging.answer(runs.map(JobRunView::of));
    }
}
