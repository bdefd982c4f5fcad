package io.auspex.models;

import java.time.Instant;
import java.util.Map;

/**
 * A model fresh from training.
 *
 * @param name what it is a model of; versions are counted for each name
 * @param sha256 of the artefact, in hexadecimal
 * @param provenance how it came to be, as its library tells it
 * @param metrics what it achieved on the last part of its window, which it had not seen
 */
public record TrainedModel(
        String name,
        byte[] artefact,
        String sha256,
        String provenance,
        Map<String, Double> metrics,
        Instant dataFrom,
        Instant dataTo) {}
