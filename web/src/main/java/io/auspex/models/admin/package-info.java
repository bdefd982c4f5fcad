/** Pages about training. */
@NullMarked
package io.auspex.models.admin;

import org.jspecify.annotations.NullMarked;
