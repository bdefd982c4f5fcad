/** What every capability needs and none owns: coded errors. */
@NullMarked
package io.auspex.platform;

import org.jspecify.annotations.NullMarked;
