/** Who may send samples, and how that is answered. */
@NullMarked
package io.auspex.ingest.boundary;

import org.jspecify.annotations.NullMarked;
