/** The resources of the audit trail. */
@NullMarked
package io.auspex.audit.rest;

import org.jspecify.annotations.NullMarked;
