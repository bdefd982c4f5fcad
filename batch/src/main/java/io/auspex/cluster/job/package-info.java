/** Jobs: their queue, their nights, their leases, and what steps of any job share. */
@NullMarked
package io.auspex.cluster.job;

import org.jspecify.annotations.NullMarked;
