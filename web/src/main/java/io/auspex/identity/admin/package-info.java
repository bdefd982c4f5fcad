/** Pages about signing in and one's own password. */
@NullMarked
package io.auspex.identity.admin;

import org.jspecify.annotations.NullMarked;
