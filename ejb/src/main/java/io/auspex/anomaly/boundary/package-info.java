/** Detection on demand, what was found by itself, and the rules by which series are watched. */
@NullMarked
package io.auspex.anomaly.boundary;

import org.jspecify.annotations.NullMarked;
