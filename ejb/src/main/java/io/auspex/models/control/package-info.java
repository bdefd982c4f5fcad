/** How model versions are stored. */
@NullMarked
package io.auspex.models.control;

import org.jspecify.annotations.NullMarked;
