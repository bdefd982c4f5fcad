/** Subscribing to what is new in the caller's tenant. */
@NullMarked
package io.auspex.live.boundary;

import org.jspecify.annotations.NullMarked;
