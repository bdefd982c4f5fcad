/** The frame around every page of the portal. */
@NullMarked
package io.auspex.dashboard.admin;

import org.jspecify.annotations.NullMarked;
