/** What the store tells about itself over HTTP. */
@NullMarked
package io.auspex.series.rest;

import org.jspecify.annotations.NullMarked;
