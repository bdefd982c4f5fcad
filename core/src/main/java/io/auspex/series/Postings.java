package io.auspex.series;

import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/** A set of refs that is a sorted {@code int[]} while it is small and a bitmap beyond, where a bitmap pays. */
final class Postings {
    private static final int MOST_IN_ARRAY = 48;
    private static final int[] NONE = {};

    private Postings() {}

    static Object empty() {
        return NONE;
    }

    static Object add(Object postings, int ref) {
        if (postings instanceof RoaringBitmap bitmap) {
            bitmap.add(ref);
            return bitmap;
        }
        int[] array = (int[]) postings;
        if (array.length == MOST_IN_ARRAY) {
            RoaringBitmap bitmap = RoaringBitmap.bitmapOf(array);
            bitmap.add(ref);
            return bitmap;
        }
        int found = Arrays.binarySearch(array, ref);
        if (found >= 0) {
            return array;
        }
        int at = -found - 1;
        int[] grown = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, grown, at + 1, array.length - at);
        grown[at] = ref;
        return grown;
    }

    static Object remove(Object postings, int ref) {
        if (postings instanceof RoaringBitmap bitmap) {
            bitmap.remove(ref);
            return bitmap.getCardinality() <= MOST_IN_ARRAY / 2 ? bitmap.toArray() : bitmap;
        }
        int[] array = (int[]) postings;
        int found = Arrays.binarySearch(array, ref);
        if (found < 0) {
            return array;
        }
        int[] shrunk = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, found + 1, shrunk, found, shrunk.length - found);
        return shrunk;
    }

    static int size(Object postings) {
        return postings instanceof RoaringBitmap bitmap ? bitmap.getCardinality() : ((int[]) postings).length;
    }

    static void addTo(RoaringBitmap into, Object postings) {
        if (postings instanceof RoaringBitmap bitmap) {
            into.or(bitmap);
        } else {
            into.add((int[]) postings);
        }
    }

    static void removeFrom(RoaringBitmap from, Object postings) {
        if (postings instanceof RoaringBitmap bitmap) {
            from.andNot(bitmap);
        } else {
            for (int ref : (int[]) postings) {
                from.remove(ref);
            }
        }
    }

    static RoaringBitmap copy(Object postings) {
        return postings instanceof RoaringBitmap bitmap ? bitmap.clone() : RoaringBitmap.bitmapOf((int[]) postings);
    }

    static boolean intersects(Object postings, RoaringBitmap refs) {
        if (postings instanceof RoaringBitmap bitmap) {
            return RoaringBitmap.intersects(bitmap, refs);
        }
        for (int ref : (int[]) postings) {
            if (refs.contains(ref)) {
                return true;
            }
        }
        return false;
    }

    static long bytes(Object postings) {
        return postings instanceof RoaringBitmap bitmap
                ? 100 + bitmap.getLongSizeInBytes()
                : (16L + 4L * ((int[]) postings).length + 7) & ~7L;
    }
}
