package io.auspex.report.job;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.TenantJob;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.report.control.ReportStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reports how a tenant's services did on a day, the one before unless another is asked for. */
@ApplicationScoped
public class ServiceHealthReport implements TenantJob {
    public static final String NAME = "service-health-report";
    /** The one parameter: RFC 3339 full-date, UTC, which may be the running day. */
    public static final String DAY = "day";

    private static final int MAX_AGE_DAYS = 400;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<LocalTime> nightly() {
        return Optional.of(LocalTime.of(0, 20));
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        if (!Set.of(DAY).containsAll(wanted.keySet())) {
            throw new AuspexException(Code.BAD_REQUEST, NAME + " takes the parameter day, got " + wanted.keySet());
        }
        LocalDate day = wanted.containsKey(DAY) ? parse(wanted.get(DAY)) : today.minusDays(1);
        if (day.isAfter(today) || day.isBefore(today.minusDays(MAX_AGE_DAYS))) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "day must be within the last " + MAX_AGE_DAYS + " days, got " + day);
        }
        return new JobWork(ReportStore.REPORT + " " + day, Map.of(DAY, day.toString()));
    }

    private static LocalDate parse(String day) {
        try {
            return LocalDate.parse(day);
        } catch (DateTimeParseException e) {
            throw new AuspexException(Code.BAD_REQUEST, "day must be a date such as 2026-11-21, got " + day, e);
        }
    }
}
