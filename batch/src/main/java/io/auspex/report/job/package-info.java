/** The report job, its launcher and its timer. */
@NullMarked
package io.auspex.report.job;

import org.jspecify.annotations.NullMarked;
