package io.auspex.cluster;

import java.util.Map;

/**
 * What a run of a job shall do.
 *
 * @param subject what it works on, as people read it; a tenant has one unfinished run of a job and subject
 * @param parameters handed to the job's steps
 */
public record JobWork(String subject, Map<String, String> parameters) {
    public JobWork {
        parameters = Map.copyOf(parameters);
    }
}
