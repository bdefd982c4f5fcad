/**
 * The floor that every capability's control and job classes stand on: database connections bound to one tenant, and
 * the guard that refuses a database which would not keep tenants apart.
 */
@NullMarked
package io.auspex.tenancy.control;

import org.jspecify.annotations.NullMarked;
