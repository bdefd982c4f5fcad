package io.auspex.ingest.control;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.RelabelRules;
import io.auspex.ingest.ScrapeJob;
import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.ScrapeTarget;
import io.auspex.platform.AuspexException;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The targets of one tenant as its configuration has them now, and the loop of each. For one thread. */
final class TenantScrapes {
    private static final int MOST_DROPPED = 500;

    private final ScrapeSettings settings;
    private final ScrapeFiles files;
    private final Loops loops;
    private String config = "";
    private RelabelRules rules = RelabelRules.NONE;
    private List<ScrapeJob> jobs = List.of();
    private List<String> mistakes = List.of();
    private Map<Key, ScrapeLoop> running = new LinkedHashMap<>();
    private volatile ScrapeReport last = ScrapeReport.NONE;
    private volatile Collection<ScrapeLoop> current = List.of();

    /** Two targets that are one: nobody would notice the difference. */
    private record Key(String job, Labels labels, String url) {
        static Key of(ScrapeTarget target) {
            return new Key(target.job().name(), target.all(), target.url());
        }
    }

    /** Begins and ends the scraping of a target. */
    interface Loops {
        ScrapeLoop begin(ScrapeTarget target, RelabelRules rules);

        /** Ends it with its series. */
        void end(ScrapeLoop loop);

        /** Ends it, since another node goes on. */
        void leave(ScrapeLoop loop);

        /** Goes on with the loop in place of another of the same target. */
        void replace(ScrapeLoop loop, ScrapeLoop by);
    }

    TenantScrapes(ScrapeSettings settings, ScrapeFiles files, Loops loops) {
        this.settings = settings;
        this.files = files;
        this.loops = loops;
    }

    /** Brings the loops in line with the configuration and the files of targets. */
    void sync(IngestConfig wanted, RelabelRules rulesNow) {
        boolean changed = !wanted.scrape().equals(config) || rulesNow != rules;
        if (changed) {
            config = wanted.scrape();
            rules = rulesNow;
            mistakes = List.of();
            try {
                jobs = ScrapeConfigs.parse(config, settings.shortestInterval());
            } catch (AuspexException e) {
                mistakes = List.of(e.detail()); // written by a newer version, or the operator's settings have changed
            }
        }
        List<String> problems = new ArrayList<>(mistakes);
        List<ScrapeReport.Dropped> dropped = new ArrayList<>();
        Map<Key, ScrapeTarget> targets = targets(problems, dropped);
        Map<Key, ScrapeLoop> now = new LinkedHashMap<>();
        targets.forEach((key, target) -> {
            ScrapeLoop loop = running.remove(key);
            if (loop == null) {
                now.put(key, loops.begin(target, rules));
            } else if (changed) {
                ScrapeLoop by = loops.begin(target, rules);
                loops.replace(loop, by);
                now.put(key, by);
            } else {
                now.put(key, loop);
            }
        });
        running.values().forEach(loops::end);
        running = now;
        current = List.copyOf(now.values());
        last = new ScrapeReport(jobs.stream().map(ScrapeJob::name).toList(), List.of(), dropped, problems);
    }

    private Map<Key, ScrapeTarget> targets(List<String> problems, List<ScrapeReport.Dropped> dropped) {
        Map<Key, ScrapeTarget> targets = new LinkedHashMap<>();
        for (ScrapeJob job : jobs) {
            List<ScrapeJob.TargetGroup> groups = new ArrayList<>(job.groups());
            job.files().forEach(pattern -> groups.addAll(files.read(pattern, problems)));
            Map<Key, ScrapeTarget> ofJob = new LinkedHashMap<>();
            for (ScrapeJob.TargetGroup group : groups) {
                for (String address : group.targets()) {
                    add(job, ScrapeTarget.discovered(job, address, group.labels()), ofJob, dropped, problems);
                }
            }
            int limit = job.limits().targets();
            if (limit > 0 && ofJob.size() > limit) {
                problems.add(job.name() + ": " + ofJob.size() + " targets, target_limit is " + limit
                        + "; none of them is scraped");
            } else {
                targets.putAll(ofJob);
            }
        }
        if (targets.size() > settings.targets()) {
            problems.add(targets.size() + " targets, the limit is " + settings.targets()
                    + " (auspex.scrape.targets); those beyond it are not scraped");
            targets.keySet().removeAll(List.copyOf(targets.keySet()).subList(settings.targets(), targets.size()));
        }
        return targets;
    }

    private void add(
            ScrapeJob job,
            Labels discovered,
            Map<Key, ScrapeTarget> into,
            List<ScrapeReport.Dropped> dropped,
            List<String> problems) {
        try {
            Optional<ScrapeTarget> target = ScrapeTarget.of(job, discovered);
            if (target.isEmpty()) {
                if (dropped.size() < MOST_DROPPED) {
                    dropped.add(new ScrapeReport.Dropped(job.name(), discovered));
                }
            } else if (target.get().interval().compareTo(settings.shortestInterval()) < 0) {
                problems.add(job.name() + ": " + target.get().address() + ": __scrape_interval__ is too short");
            } else {
                into.putIfAbsent(Key.of(target.get()), target.get());
            }
        } catch (IllegalArgumentException e) {
            problems.add(job.name() + ": " + e.getMessage());
        }
    }

    /** The tenant scrapes nothing any more, which ends its series, or another node does it. */
    void leave(boolean ended) {
        running.values().forEach(ended ? loops::end : loops::leave);
        running = new LinkedHashMap<>();
        current = List.of();
        last = ScrapeReport.NONE;
    }

    ScrapeReport report() {
        ScrapeReport known = last;
        return new ScrapeReport(
                known.pools(), current.stream().map(ScrapeLoop::report).toList(), known.dropped(), known.problems());
    }
}
