/** Timed slots that are taken once in a cluster, and partitions by tenant. */
@NullMarked
package io.auspex.cluster.job;

import org.jspecify.annotations.NullMarked;
