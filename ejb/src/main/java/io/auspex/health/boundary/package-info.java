/** Whether this node works, and the metrics it keeps of itself. */
@NullMarked
package io.auspex.health.boundary;

import org.jspecify.annotations.NullMarked;
