/** How findings are stored. */
@NullMarked
package io.auspex.insight.control;

import org.jspecify.annotations.NullMarked;
