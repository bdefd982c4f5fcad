package io.auspex.ingest;

import static io.auspex.ingest.WriteRequests.request;
import static io.auspex.ingest.WriteRequests.sample;
import static io.auspex.ingest.WriteRequests.series;
import static io.auspex.ingest.WriteRequests.snappy;
import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules between the bytes of a sender and the series that are stored. */
final class SeriesRewritesTest {
    private static final int MOST = 1_000;
    private static final String[] WEB = {"__name__", "up", "pod", "web"};
    private static final String[] API = {"__name__", "up", "pod", "api"};
    private static final String[] TEST = {"__name__", "test", "pod", "x"};

    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder();
    private final DecodedBatch batch = new DecodedBatch();
    private final SeriesMap known = new SeriesMap();
    private final List<Labels> asked = new ArrayList<>();

    /** Drops {@code test}, loses {@code pod}, and says how often it was asked. */
    private Optional<Labels> rules(Labels labels) {
        asked.add(labels);
        return labels.metric().equals("test") ? Optional.empty() : Optional.of(labels.without("pod"));
    }

    private void decode(SeriesRewrites rewrites, IngestLimits limits, byte[] raw) {
        byte[] body = snappy(raw);
        SeriesResolver resolver = new SeriesResolver() {
            @Override
            public void resolve(long[] high, long[] low, int from, int to, int[] refs) {
                known.find(high, low, from, to, refs);
            }

            @Override
            public SeriesRewrites rewrites() {
                return rewrites;
            }
        };
        decoder.decode(body, 0, body.length, limits, resolver, batch);
    }

    @Test
    void rules_runOnceForEachSeries_andNameWhatIsStored() {
        SeriesRewrites rewrites = new SeriesRewrites(this::rules, MOST);
        byte[] body = request(series(WEB, sample(1, 5)), series(TEST, sample(2, 5)), series(API, sample(3, 5)));

        decode(rewrites, IngestLimits.DEFAULT, body);

        Labels up = Labels.of("__name__", "up");
        assertThat(batch.nextNew(0)).isZero();
        assertThat(batch.labels(0)).isEqualTo(up);
        assertThat(batch.reason(1)).isEqualTo(Reason.DROPPED);
        assertThat(batch.labels(2)).isEqualTo(up);
        assertThat(new SeriesIdentity(batch.high(2), batch.low(2))).isEqualTo(SeriesIdentity.of(up));
        known.putIfAbsent(batch.high(0), batch.low(0), 7);
        assertThat(asked).hasSize(3);

        decode(rewrites, IngestLimits.DEFAULT, body);

        assertThat(asked).as("nobody asks again").hasSize(3);
        assertThat(batch.ref(0)).isEqualTo(7);
        assertThat(batch.ref(2)).isEqualTo(7);
        assertThat(batch.reason(1)).isEqualTo(Reason.DROPPED);
        assertThat(batch.nextNew(0)).isEqualTo(-1);
        assertThat(batch.labels(0)).as("as it is stored, when somebody asks").isEqualTo(up);
    }

    @Test
    void aRememberedSeriesThatIsGone_isNewAgain() {
        SeriesRewrites rewrites = new SeriesRewrites(this::rules, MOST);
        byte[] body = request(series(WEB, sample(1, 5)));
        decode(rewrites, IngestLimits.DEFAULT, body);

        decode(rewrites, IngestLimits.DEFAULT, body);

        assertThat(batch.nextNew(0)).isZero();
        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "up"));
    }

    @Test
    void whatRulesMake_isHeldAgainstTheLimits() {
        SeriesRewrites unnamed = new SeriesRewrites(labels -> Optional.of(labels.without("__name__")), MOST);
        SeriesRewrites named = new SeriesRewrites(labels -> Optional.of(labels.with("__name__", "made")), MOST);
        SeriesRewrites wide = new SeriesRewrites(labels -> Optional.of(labels.with("a", "x".repeat(50))), MOST);
        IngestLimits narrow = new IngestLimits(1 << 20, 64, 1_024, 40, 16_384, 10);

        decode(unnamed, IngestLimits.DEFAULT, request(series(WEB, sample(1, 5))));
        assertThat(batch.reason(0)).isEqualTo(Reason.METRIC_NAME_MISSING);
        decode(named, IngestLimits.DEFAULT, request(series(new String[] {"pod", "web"}, sample(1, 5))));
        assertThat(batch.labels(0)).isEqualTo(Labels.of("__name__", "made", "pod", "web"));
        decode(wide, narrow, request(series(WEB, sample(1, 5))));
        assertThat(batch.reason(0)).isEqualTo(Reason.LABEL_VALUE_TOO_LONG);
    }

    @Test
    void limits_comeBeforeRules() {
        SeriesRewrites dropping = new SeriesRewrites(labels -> Optional.empty(), MOST);
        IngestLimits narrow = new IngestLimits(1 << 20, 1, 1_024, 40, 16_384, 10);

        decode(dropping, narrow, request(series(WEB, sample(1, 5))));

        assertThat(batch.reason(0)).isEqualTo(Reason.LABEL_LIMIT);
    }

    @Test
    void memory_isBounded_andKeepsWhatIsInUse() {
        SeriesRewrites rewrites = new SeriesRewrites(this::rules, MOST);
        decode(rewrites, IngestLimits.DEFAULT, request(series(WEB, sample(1, 5))));
        known.putIfAbsent(batch.high(0), batch.low(0), 7);
        for (int i = 0; i < 20 * MOST; i++) {
            String[] churning = {"__name__", "up", "pod", "p" + i};
            decode(rewrites, IngestLimits.DEFAULT, request(series(churning, sample(1, 5)), series(WEB, sample(1, 5))));
        }

        assertThat(rewrites.size()).isLessThanOrEqualTo(2 * MOST + 1);
        assertThat(asked.stream().filter(Labels.of(WEB)::equals).count()).isOne();
        assertThat(asked.size()).isEqualTo(20 * MOST + 1);
    }
}
