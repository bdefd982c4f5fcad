/** Samples on their way in: what clients send, decoded into columns and judged series by series. */
@NullMarked
package io.auspex.ingest;

import org.jspecify.annotations.NullMarked;
