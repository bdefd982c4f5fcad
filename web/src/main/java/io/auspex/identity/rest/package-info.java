/** How a request proves who sends it, and the resources of users, keys and tokens. */
@NullMarked
package io.auspex.identity.rest;

import org.jspecify.annotations.NullMarked;
