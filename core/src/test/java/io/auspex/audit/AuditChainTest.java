package io.auspex.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditChainTest {
    private record Stored(AuditEntry entry, byte[] hash) {}

    private static AuditEntry entry(long sequence, String change) {
        Instant at = Instant.parse("2026-03-01T12:00:00.123456Z").plusSeconds(sequence);
        return new AuditEntry(7, sequence, at, "user:3", "update", "app_user", "9", change, "c-1", "");
    }

    private static List<Stored> trail(int length) {
        List<Stored> trail = new ArrayList<>();
        byte[] last = new byte[0];
        for (int i = 1; i <= length; i++) {
            AuditEntry entry = entry(i, "{\"n\": " + i + "}");
            last = AuditChain.hash(last, entry);
            trail.add(new Stored(entry, last));
        }
        return trail;
    }

    private static AuditChain check(List<Stored> trail, Stored head) {
        AuditChain chain = new AuditChain();
        trail.forEach(stored -> chain.next(stored.entry(), stored.hash()));
        chain.end(head.entry().sequence(), head.hash());
        return chain;
    }

    @Test
    void fault_isAbsent_whenNothingWasTouched() {
        List<Stored> trail = trail(5);

        AuditChain chain = check(trail, trail.get(4));

        assertThat(chain.fault()).isEmpty();
        assertThat(chain.verified()).isEqualTo(5);
    }

    @Test
    void fault_namesTheEntry_whenOneWasChanged() {
        List<Stored> trail = trail(5);
        Stored head = trail.get(4);
        trail.set(2, new Stored(entry(3, "{\"n\": 4}"), trail.get(2).hash()));

        assertThat(check(trail, head).fault()).contains("entry 3 was changed or put in");
    }

    @Test
    void fault_namesTheEntry_forEveryOneThatWasRemoved() {
        for (int removed = 0; removed < 4; removed++) {
            List<Stored> trail = trail(5);
            Stored head = trail.get(4);
            trail.remove(removed);

            assertThat(check(trail, head).fault()).contains("entry " + (removed + 1) + " is missing");
        }
    }

    @Test
    void fault_isFound_whenTheNewestWereRemoved() {
        List<Stored> trail = trail(5);
        Stored head = trail.remove(4);

        assertThat(check(trail, head).fault()).contains("entries after 4 are missing");
    }

    @Test
    void text_keepsPartsApart() {
        AuditEntry one = new AuditEntry(1, 1, Instant.EPOCH, "a", "bc", "t", "i", "{}", "", "");
        AuditEntry other = new AuditEntry(1, 1, Instant.EPOCH, "ab", "c", "t", "i", "{}", "", "");

        assertThat(AuditChain.text(one)).isNotEqualTo(AuditChain.text(other));
    }

    /** Pins what the database writes too: a change here breaks every stored trail. */
    @Test
    void hash_isStable() {
        AuditEntry entry = new AuditEntry(
                1,
                1,
                Instant.ofEpochSecond(1, 2_000),
                "user:1",
                "update",
                "tenant",
                "1",
                "{\"name\": \"é\"}",
                "c",
                "r");

        assertThat(AuditChain.text(entry))
                .isEqualTo("1:11:17:10000026:user:16:update6:tenant1:113:{\"name\": \"é\"}1:c1:r");
        assertThat(HexFormat.of().formatHex(AuditChain.hash(new byte[0], entry)))
                .isEqualTo("8cd100987f7a4464a83792a040c738deb02f64ed60b9fe5adb940351e8e57993");
    }
}
