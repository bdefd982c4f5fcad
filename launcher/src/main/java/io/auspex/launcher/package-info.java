/** The one command: starts PostgreSQL, Payara Micro and the bundle in one go, and stops them in order. */
@NullMarked
package io.auspex.launcher;

import org.jspecify.annotations.NullMarked;
