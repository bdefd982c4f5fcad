package io.auspex.series;

import io.auspex.codec.ByteReader;
import io.auspex.codec.ByteWriter;
import io.auspex.codec.ChunkDecoder;
import io.auspex.codec.ChunkEncoder;

/** What one thread needs to seal and read chunks of the head; pooled, so that it costs no memory per series. */
final class HeadScratch {
    final ChunkEncoder encoder = new ChunkEncoder();
    final ChunkDecoder decoder = new ChunkDecoder();
    final ByteWriter out = new ByteWriter(1024);
    final ByteReader in = new ByteReader();
    final SampleColumn column = new SampleColumn(512);
    final SampleColumn rest = new SampleColumn(512);
    final long[] relative = new long[SealedChunks.MAX_SAMPLES];
}
