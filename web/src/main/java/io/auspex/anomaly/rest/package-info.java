/** The API of detection, anomalies and detector rules. */
@NullMarked
package io.auspex.anomaly.rest;

import org.jspecify.annotations.NullMarked;
