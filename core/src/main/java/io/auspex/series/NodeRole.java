package io.auspex.series;

/** What part this server has among those that work on the same database. */
@FunctionalInterface
public interface NodeRole {
    /** Whether it is the one that does what must be done once: it writes packs and judges fresh samples. */
    boolean leads();
}
