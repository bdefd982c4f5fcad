/** The API of jobs. */
@NullMarked
package io.auspex.cluster.rest;

import org.jspecify.annotations.NullMarked;
