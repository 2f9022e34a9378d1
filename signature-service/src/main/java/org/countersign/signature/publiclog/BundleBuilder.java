package org.countersign.signature.publiclog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.countersign.transparency.Tile;

/** Collects entries into bundles of 256. It holds only the last, partial bundle in memory. */
final class BundleBuilder {

    private final Map<Long, List<EntryRef>> filled = new LinkedHashMap<>();
    private final List<EntryRef> last;
    private long number;

    /**
     * Continues after stored entries.
     *
     * @param number the number of the last bundle
     * @param last the entries of the last bundle, fewer than 256
     */
    BundleBuilder(long number, List<EntryRef> last) {
        this.number = number;
        this.last = new ArrayList<>(last);
    }

    void append(EntryRef entry) {
        last.add(entry);
        if (last.size() == Tile.FULL) {
            filled.put(number, List.copyOf(last));
            last.clear();
            number++;
        }
    }

    /** Returns the bundles that may have changed since the last call. */
    Map<Long, List<EntryRef>> takeChanged() {
        Map<Long, List<EntryRef>> changed = new LinkedHashMap<>(filled);
        filled.clear();
        if (!last.isEmpty()) {
            changed.put(number, List.copyOf(last));
        }
        return changed;
    }
}
