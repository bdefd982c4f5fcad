/** The API of reports. */
@NullMarked
package io.auspex.report.rest;

import org.jspecify.annotations.NullMarked;
