/** Tenants, and what a caller may do in one. */
@NullMarked
package io.auspex.tenancy;

import org.jspecify.annotations.NullMarked;
