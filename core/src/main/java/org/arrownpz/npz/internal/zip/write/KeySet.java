package org.arrownpz.npz.internal.zip.write;

import java.util.Arrays;
import org.arrownpz.npz.internal.zip.MemberNames;
import org.arrownpz.npz.internal.zip.NameCounter;
import org.arrownpz.npz.internal.zip.NameRun;
import org.arrownpz.npz.internal.zip.NameTable;

/** The keys of the members written so far, as bytes in one array. Used by one thread. */
public final class KeySet {
    /** Keys before names that count up: labels, mostly. */
    private static final int MOST_BEFORE = 32;

    private NameTable table = new NameTable(64);
    private int room = 64;
    private int count;
    private byte[] bytes = new byte[2048];
    /** Where each key begins; the next one's beginning is its end. */
    private int[] starts = new int[65];

    private final NameCounter counter = new NameCounter();
    /** Names that counted up since the first of them; without a place in the table. */
    private int running;

    /** Adds the key of a member's name in UTF-8; false when it is there already. */
    public boolean add(byte[] name) {
        if (counter.matches(name, 0, name.length)) {
            counter.advance();
            running++;
            return true;
        }
        int length = MemberNames.keyLength(name, 0, name.length);
        if (running > 0) {
            counter.stop();
            if (run().find(name, 0, length) >= 0) {
                return false;
            }
        }
        if (!enter(name, length)) {
            return false;
        }
        // One run is what archives have that are wide. None of the names so far may come up in it.
        if (running == 0) {
            boolean alone = count <= MOST_BEFORE && counter.start(name, 0, name.length);
            for (int key = 0; alone && key < count - 1; key++) {
                alone = !counter.mayReach(bytes, starts[key], starts[key + 1] - starts[key]);
            }
            if (!alone) {
                counter.stop();
            }
        }
        return true;
    }

    private NameRun run() {
        return counter.run(counter.number() - running, 0, running);
    }

    private boolean enter(byte[] name, int length) {
        int slot = table.first(name, 0, length);
        for (; table.at(slot) >= 0; slot = table.next(slot)) {
            int from = starts[table.at(slot)];
            int to = starts[table.at(slot) + 1];
            if (to - from == length && Arrays.equals(bytes, from, to, name, 0, length)) {
                return false;
            }
        }
        table.put(slot, count);
        append(name, length);
        return true;
    }

    private void append(byte[] key, int length) {
        int end = Math.addExact(starts[count], length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * bytes.length)));
        }
        System.arraycopy(key, 0, bytes, starts[count], length);
        count++;
        starts[count] = end;
        if (count == room) {
            grow();
        }
    }

    private void grow() {
        room = Math.multiplyExact(room, 2);
        starts = Arrays.copyOf(starts, room + 1);
        table = new NameTable(room);
        for (int key = 0; key < count; key++) {
            int slot = table.first(bytes, starts[key], starts[key + 1] - starts[key]);
            while (table.at(slot) >= 0) {
                slot = table.next(slot);
            }
            table.put(slot, key);
        }
    }
}
