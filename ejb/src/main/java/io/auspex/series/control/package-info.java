/** Series and samples in PostgreSQL: registry, durable log, packs, and their merge with the head into one store. */
@NullMarked
package io.auspex.series.control;

import org.jspecify.annotations.NullMarked;
