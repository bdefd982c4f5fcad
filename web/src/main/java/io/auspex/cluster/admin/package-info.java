/** How runs of jobs are shown. */
@NullMarked
package io.auspex.cluster.admin;

import org.jspecify.annotations.NullMarked;
