package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Several detectors of one series, of which the one that finds a sample rarest speaks.
 *
 * <p>The expectation and the band are those of the first member. The maximum of tail probabilities beat their
 * sum and every sum of raw scores (docs/guide/anomaly.md has the figures).
 */
public final class EnsembleDetector implements Detector {
    static final char KIND = 'E';
    static final int VERSION = 1;

    /**
     * A detector and what its scores lose before they are compared with those of others.
     *
     * @param handicap nines that are taken off, 0 or more
     */
    public record Member(Detector detector, double handicap) {
        public Member {
            if (!(handicap >= 0)) {
                throw new IllegalArgumentException("handicap must not be negative, got " + handicap);
            }
        }
    }

    private final List<Member> members;

    /** An ensemble of at least one member; the first gives expectation, band and season. */
    public EnsembleDetector(List<Member> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs a member");
        }
        this.members = List.copyOf(members);
    }

    @Override
    public Score update(long epochMillis, double value) {
        Score first = members.get(0).detector().update(epochMillis, value);
        List<Score.Part> parts = new ArrayList<>();
        for (int m = 0; m < members.size(); m++) {
            Member member = members.get(m);
            Score score = m == 0 ? first : member.detector().update(epochMillis, value);
            for (Score.Part part : score.parts()) {
                parts.add(new Score.Part(part.detector(), Math.max(0, part.score() - member.handicap())));
            }
        }
        parts.sort(Comparator.comparingDouble(Score.Part::score).reversed());
        return new Score(
                epochMillis,
                value,
                parts.isEmpty() ? 0 : parts.get(0).score(),
                first.expected(),
                first.lower(),
                first.upper(),
                first.season(),
                parts);
    }

    @Override
    public long observations() {
        return members.get(0).detector().observations();
    }

    @Override
    public byte[] save() {
        return SealedBytes.seal(KIND, VERSION, out -> {
            out.writeByte(members.size());
            for (Member member : members) {
                byte[] state = member.detector().save();
                out.writeDouble(member.handicap());
                out.writeInt(state.length);
                out.write(state);
            }
        });
    }

    static EnsembleDetector restore(byte[] sealed) {
        return SealedBytes.open(sealed, KIND, VERSION, in -> {
            List<Member> members = new ArrayList<>();
            for (int left = in.readByte(); left > 0; left--) {
                double handicap = in.readDouble();
                members.add(new Member(Detectors.restore(in.readNBytes(in.readInt())), handicap));
            }
            return new EnsembleDetector(members);
        });
    }
}
