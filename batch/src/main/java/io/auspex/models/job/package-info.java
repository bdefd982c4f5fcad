/** The training job, its launcher and its timer. */
@NullMarked
package io.auspex.models.job;

import org.jspecify.annotations.NullMarked;
