/** The audit trail, for auditors. */
@NullMarked
package io.auspex.audit.boundary;

import org.jspecify.annotations.NullMarked;
