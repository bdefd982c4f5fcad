/** Live push: what a subscriber wants, what is due, and what waits to be sent. */
@NullMarked
package io.auspex.live;

import org.jspecify.annotations.NullMarked;
