/** What reports say: measures of a day, as rows, CSV and HTML. */
@NullMarked
package io.auspex.report;

import org.jspecify.annotations.NullMarked;
