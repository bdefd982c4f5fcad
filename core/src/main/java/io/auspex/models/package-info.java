/** Trained models and what they were trained on. */
@NullMarked
package io.auspex.models;

import org.jspecify.annotations.NullMarked;
