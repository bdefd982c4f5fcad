/** The trail of what was done: entries, and the chain of hashes that shows when one is changed or missing. */
@NullMarked
package io.auspex.audit;

import org.jspecify.annotations.NullMarked;
