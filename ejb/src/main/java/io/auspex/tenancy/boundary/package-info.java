/** Who is calling, for which tenant. */
@NullMarked
package io.auspex.tenancy.boundary;

import org.jspecify.annotations.NullMarked;
