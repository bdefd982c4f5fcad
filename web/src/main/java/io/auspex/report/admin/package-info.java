/** Pages about reports. */
@NullMarked
package io.auspex.report.admin;

import org.jspecify.annotations.NullMarked;
