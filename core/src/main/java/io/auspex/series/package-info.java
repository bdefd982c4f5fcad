/** Series, their labels and samples: how they are named, matched, held in memory and read. */
@NullMarked
package io.auspex.series;

import org.jspecify.annotations.NullMarked;
