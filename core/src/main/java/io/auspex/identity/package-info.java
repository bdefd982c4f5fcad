/** Who calls: sign-in names, what roles and scopes grant, when too many failures lock. */
@NullMarked
package io.auspex.identity;

import org.jspecify.annotations.NullMarked;
