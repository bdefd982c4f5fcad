/** The subscriptions of a node and what is pushed to them. */
@NullMarked
package io.auspex.live.control;

import org.jspecify.annotations.NullMarked;
