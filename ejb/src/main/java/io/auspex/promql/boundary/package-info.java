/** Who may query, for which tenant and within which limits. */
@NullMarked
package io.auspex.promql.boundary;

import org.jspecify.annotations.NullMarked;
