/** Who is calling, signing in and out, and the users, keys and tokens that allow it. */
@NullMarked
package io.auspex.identity.boundary;

import org.jspecify.annotations.NullMarked;
