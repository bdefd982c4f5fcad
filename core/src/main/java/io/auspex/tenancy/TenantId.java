package io.auspex.tenancy;

/** The identity of a tenant: part of every key, handed in by whoever knows it, never guessed. */
public record TenantId(int value) implements Comparable<TenantId> {
    public TenantId {
        if (value <= 0) {
            throw new IllegalArgumentException("tenant id must be positive, got " + value);
        }
    }

    @Override
    public int compareTo(TenantId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
