/** How a node tells of itself to whoever runs it: the context of its log records. */
@NullMarked
package io.auspex.platform.control;

import org.jspecify.annotations.NullMarked;
