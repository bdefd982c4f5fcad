/** Where users, keys, tokens and failed sign-ins are kept and checked. */
@NullMarked
package io.auspex.identity.control;

import org.jspecify.annotations.NullMarked;
