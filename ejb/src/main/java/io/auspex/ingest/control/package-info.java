/** The way of a sample from a decoded request to the store, with an account of each that is refused. */
@NullMarked
package io.auspex.ingest.control;

import org.jspecify.annotations.NullMarked;
