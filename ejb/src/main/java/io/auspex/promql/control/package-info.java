/** Running queries of a node: their limits, their number, their end. */
@NullMarked
package io.auspex.promql.control;

import org.jspecify.annotations.NullMarked;
