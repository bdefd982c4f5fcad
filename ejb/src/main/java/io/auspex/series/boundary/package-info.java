/** What callers may know of how samples are stored. */
@NullMarked
package io.auspex.series.boundary;

import org.jspecify.annotations.NullMarked;
