/** The query endpoints of the Prometheus HTTP API, with its parameters, envelope and errors. */
@NullMarked
package io.auspex.promql.rest;

import org.jspecify.annotations.NullMarked;
