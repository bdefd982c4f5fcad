/** What runs once in a cluster, and how far it is. */
@NullMarked
package io.auspex.cluster;

import org.jspecify.annotations.NullMarked;
