/** Live push over server-sent events. */
@NullMarked
package io.auspex.live.rest;

import org.jspecify.annotations.NullMarked;
