/** Bytes: integers, chunks of samples, packs of series and log records, in formats that are versioned and checked. */
@NullMarked
package io.auspex.codec;

import org.jspecify.annotations.NullMarked;
