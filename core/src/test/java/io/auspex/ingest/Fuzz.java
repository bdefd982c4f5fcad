package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.AuspexException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Damaged bodies for decoders: a decoder gives a batch or an error of the sender, whatever the bytes.
 *
 * <p>{@code -Dauspex.fuzz=1000000} makes a million, {@code -Dauspex.seed} begins with another one.
 */
final class Fuzz {
    private Fuzz() {}

    /** Decodes a body, which the decoder may keep. */
    @FunctionalInterface
    interface Decoder {
        DecodedBatch decode(byte[] body);
    }

    static void mutations(byte[] good, Decoder decoder) {
        int bodies = Integer.getInteger("auspex.fuzz", 20_000);
        long first = Long.getLong("auspex.seed", 4711);
        for (int i = 0; i < bodies; i++) {
            byte[] body = mutate(good, new SplittableRandom(first + i));
            try {
                DecodedBatch batch = decoder.decode(body);
                for (int series = 0; series < batch.seriesCount(); series++) {
                    batch.describe(series);
                }
            } catch (AuspexException e) {
                assertThat(e.code().status()).as("seed %d", first + i).isBetween(400, 499);
            } catch (RuntimeException e) {
                throw new AssertionError("falsified; replay with -Dauspex.fuzz=1 -Dauspex.seed=" + (first + i), e);
            }
        }
    }

    /** Cuts, changes, repeats or removes some bytes. */
    private static byte[] mutate(byte[] good, SplittableRandom random) {
        byte[] body = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
        for (int changes = random.nextInt(6); changes > 0 && body.length > 0; changes--) {
            int at = random.nextInt(body.length);
            if (random.nextInt(4) == 0) {
                int length = 1 + random.nextInt(Math.min(16, body.length - at));
                byte[] grown = Arrays.copyOf(body, body.length + length);
                System.arraycopy(body, at, grown, at + length, body.length - at);
                body = grown;
            } else {
                body[at] = (byte) (random.nextBoolean() ? random.nextInt() : good[random.nextInt(good.length)]);
            }
        }
        return body;
    }
}
