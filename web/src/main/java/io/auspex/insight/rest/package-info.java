/** The API of findings. */
@NullMarked
package io.auspex.insight.rest;

import org.jspecify.annotations.NullMarked;
