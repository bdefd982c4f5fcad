/** The paths to which collectors send samples, each with its protocol's own answers. */
@NullMarked
package io.auspex.ingest.rest;

import org.jspecify.annotations.NullMarked;
