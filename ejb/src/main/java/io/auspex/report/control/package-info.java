/** How reports are stored. */
@NullMarked
package io.auspex.report.control;

import org.jspecify.annotations.NullMarked;
