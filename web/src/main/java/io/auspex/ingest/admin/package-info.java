/** The page about samples that come in: what was refused, and what brings too many series. */
@NullMarked
package io.auspex.ingest.admin;

import org.jspecify.annotations.NullMarked;
