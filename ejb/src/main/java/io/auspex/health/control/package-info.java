/** How Auspex watches itself and the host it runs on. */
@NullMarked
package io.auspex.health.control;

import org.jspecify.annotations.NullMarked;
