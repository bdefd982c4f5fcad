/** What all pages of the portal share below their content: texts and messages. */
@NullMarked
package io.auspex.platform.admin;

import org.jspecify.annotations.NullMarked;
