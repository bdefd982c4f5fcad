/** The API of training runs. */
@NullMarked
package io.auspex.models.rest;

import org.jspecify.annotations.NullMarked;
