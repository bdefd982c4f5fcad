/** Probes and the exposition of metrics. */
@NullMarked
package io.auspex.health.rest;

import org.jspecify.annotations.NullMarked;
