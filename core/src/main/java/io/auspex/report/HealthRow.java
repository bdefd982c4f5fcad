package io.auspex.report;

/**
 * One measure of one entity over a day.
 *
 * @param mean NaN, like {@code p95} and {@code worst}, when there was nothing to measure
 */
public record HealthRow(
        String entity, String measure, String unit, double mean, double p95, double worst, long samples) {}
