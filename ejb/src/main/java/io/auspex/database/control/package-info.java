/** Brings the database's schema up to date. */
@NullMarked
package io.auspex.database.control;

import org.jspecify.annotations.NullMarked;
