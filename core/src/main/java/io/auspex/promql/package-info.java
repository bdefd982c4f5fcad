/** The query language: its text, its syntax tree, its evaluation over columns of samples. */
@NullMarked
package io.auspex.promql;

import org.jspecify.annotations.NullMarked;
