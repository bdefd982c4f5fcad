/** The stream of findings: engines publish into it, people read from it. */
@NullMarked
package io.auspex.insight.boundary;

import org.jspecify.annotations.NullMarked;
