package io.auspex.series.job;

import io.auspex.cluster.job.RunProgress;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.Tier;
import io.auspex.series.control.RetentionPolicies;
import io.auspex.series.control.RollUps;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the days that were over when the run was asked for, from the oldest that raw samples may be of, in slices. */
@Named("dayReader")
@Dependent
public class DayReader extends AbstractItemReader {
    /** Parts of a day's segments: how often a run can be stopped within one. */
    private static final int SLICES = 8;

    /** How long jobs may have stood still and no day is lost. */
    private static final int MARGIN_DAYS = 30;

    @Inject
    RunProgress progress;

    @Inject
    RollUps rollUps;

    @Inject
    RetentionPolicies policies;

    private LocalDate first = LocalDate.EPOCH;
    private int total;
    private int next;
    private @Nullable LocalDate known;
    private List<Long> due = List.of();
    private List<Long> minutes = List.of();
    private LocalDate ending = LocalDate.EPOCH;

    /**
     * Some segments of a day; with the last of them the day is done.
     *
     * @param minutes those whose raw samples end soon, to be rolled up over minutes
     */
    record Item(LocalDate day, List<Long> segments, List<Long> minutes, boolean last) {}

    @Override
    public void open(@Nullable Serializable checkpoint) {
        LocalDate asked = LocalDate.ofInstant(progress.askedAt(), ZoneOffset.UTC);
        RetentionPolicy policy = policies.of(progress.tenant());
        int days = policy.longest(Tier.RAW) + MARGIN_DAYS;
        ending = asked.minusDays(policy.shortest(Tier.RAW));
        first = asked.minusDays(days); // not by what is due: a restart finds the same items in the same places
        total = days * SLICES;
        next = progress.begin(total);
    }

    @Override
    public @Nullable Object readItem() {
        if (next >= total) {
            return null;
        }
        LocalDate day = first.plusDays(next / SLICES);
        int slice = next++ % SLICES;
        if (!day.equals(known)) {
            known = day;
            due = rollUps.due(progress.tenant(), day);
            minutes = List.of();
            if (!day.isAfter(ending)) {
                TreeSet<Long> all = new TreeSet<>(due); // these have no roll-up yet, or one that is written anew
                all.addAll(rollUps.withoutMinutes(progress.tenant(), day));
                minutes = List.copyOf(all);
            }
        }
        return new Item(day, slice(due, slice), slice(minutes, slice), slice == SLICES - 1);
    }

    private static List<Long> slice(List<Long> segments, int slice) {
        return segments.stream().filter(segment -> segment % SLICES == slice).toList();
    }

    @Override
    public Serializable checkpointInfo() {
        return next;
    }
}
