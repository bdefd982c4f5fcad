/** How runs of jobs are stored, queued and leased. */
@NullMarked
package io.auspex.cluster.control;

import org.jspecify.annotations.NullMarked;
