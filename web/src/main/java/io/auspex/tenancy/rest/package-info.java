/** The resources of tenants. */
@NullMarked
package io.auspex.tenancy.rest;

import org.jspecify.annotations.NullMarked;
