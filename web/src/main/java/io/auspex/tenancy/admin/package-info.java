/** Pages about tenants. */
@NullMarked
package io.auspex.tenancy.admin;

import org.jspecify.annotations.NullMarked;
