/** What the container hands to everybody: the clock and the meters. */
@NullMarked
package io.auspex.platform.boundary;

import org.jspecify.annotations.NullMarked;
