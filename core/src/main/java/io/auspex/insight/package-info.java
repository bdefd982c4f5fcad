/** Typed findings of all engines, each with the evidence it rests on. */
@NullMarked
package io.auspex.insight;

import org.jspecify.annotations.NullMarked;
