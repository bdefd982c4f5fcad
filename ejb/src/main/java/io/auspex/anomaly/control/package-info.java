/** Judging fresh samples as they arrive, and the tables of rules, states and anomalies. */
@NullMarked
package io.auspex.anomaly.control;

import org.jspecify.annotations.NullMarked;
