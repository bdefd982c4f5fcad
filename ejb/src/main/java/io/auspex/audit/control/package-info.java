/** Reads the audit trail. */
@NullMarked
package io.auspex.audit.control;

import org.jspecify.annotations.NullMarked;
