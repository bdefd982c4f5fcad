/** What every HTTP endpoint shares: the JAX-RS application, problems, correlation, security headers, paging. */
@NullMarked
package io.auspex.platform.rest;

import org.jspecify.annotations.NullMarked;
