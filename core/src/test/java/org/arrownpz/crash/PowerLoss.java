package org.arrownpz.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What a disk may hold after the power failed at some moment of a recorded log. All that was forced is there. Of what
 * was not, any part: names (creation, renaming, deletion) each on its own, in whatever order they were made; content
 * whole, not at all, or torn at the borders of sectors, with the file's new length or without it, and with zeros for
 * what is missing within it.
 */
final class PowerLoss {
    private static final int SECTOR = 512;
    /** Up to so many unforced names all combinations are tried; beyond, those that differ in few, and chance ones. */
    private static final int ALL_COMBINATIONS = 6;

    private static final int CHANCES = 64;

    private final DiskImage before;
    private final List<DiskStep> log;
    private final SplittableRandom random;

    PowerLoss(DiskImage before, List<DiskStep> log, long seed) {
        this.before = before;
        this.log = log;
        this.random = new SplittableRandom(seed);
    }

    /** Takes states. */
    interface Action {
        /** @param done whether all steps were made before the power failed */
        void accept(DiskImage state, boolean done);
    }

    /** Hands over the states after the first steps of the log, for each number of steps. */
    void forEach(Action action) {
        for (int end = 0; end <= log.size(); end++) {
            forEach(end, action);
        }
    }

    private void forEach(int end, Action action) {
        DiskImage forced = before.copy();
        List<DiskStep> data = new ArrayList<>();
        List<DiskStep> names = new ArrayList<>();
        BitSet open = new BitSet();
        for (int i = 0; i < end; i++) {
            DiskStep step = log.get(i);
            if (step.isOfData() && isForced(i, end)) {
                forced.apply(step);
            } else if (step.isOfData()) {
                data.add(step);
            } else if (step.isOfNames()) {
                open.set(names.size(), !isForced(i, end));
                names.add(step);
            }
        }
        List<DiskImage> images = new ArrayList<>();
        for (BitSet kept : combinations(open, names.size())) {
            DiskImage image = forced.copy();
            for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
                image.apply(names.get(i));
            }
            images.add(image);
        }
        contents(
                forced,
                data,
                content -> images.forEach(image -> action.accept(image.with(content), end == log.size())));
    }

    private boolean isForced(int step, int end) {
        for (int i = step + 1; i < end; i++) {
            if (log.get(i) instanceof DiskStep.Force force && log.get(step).isForcedBy(force.node())) {
                return true;
            }
        }
        return false;
    }

    /** Which steps are kept: all that are forced, and some of the open ones. */
    private List<BitSet> combinations(BitSet open, int size) {
        int[] choices = open.stream().toArray();
        List<BitSet> result = new ArrayList<>();
        if (choices.length <= ALL_COMBINATIONS) {
            for (int mask = 0; mask < 1 << choices.length; mask++) {
                BitSet lost = new BitSet();
                for (int i = 0; i < choices.length; i++) {
                    lost.set(choices[i], (mask >> i & 1) != 0);
                }
                result.add(all(size, lost));
            }
            return result;
        }
        for (int i = 0; i <= choices.length; i++) {
            BitSet later = (BitSet) open.clone();
            BitSet earlier = (BitSet) open.clone();
            BitSet one = new BitSet();
            for (int j = 0; j < choices.length; j++) {
                later.set(choices[j], j >= i);
                earlier.set(choices[j], j < i);
                one.set(choices[j], j == i);
            }
            BitSet others = (BitSet) open.clone();
            others.andNot(one);
            List.of(later, earlier, one, others).forEach(lost -> result.add(all(size, lost)));
        }
        for (int i = 0; i < CHANCES; i++) {
            BitSet lost = new BitSet();
            for (int choice : choices) {
                lost.set(choice, random.nextBoolean());
            }
            result.add(all(size, lost));
        }
        return result;
    }

    private static BitSet all(int size, BitSet but) {
        BitSet kept = new BitSet(size);
        kept.set(0, size);
        kept.andNot(but);
        return kept;
    }

    /** The unforced content of files that may be found instead of what they had when forced, one after the other. */
    private void contents(DiskImage forced, List<DiskStep> data, Consumer<Map<DiskNode, DiskBytes>> action) {
        action.accept(Map.of());
        if (data.isEmpty()) {
            return;
        }
        for (boolean lengths : new boolean[] {false, true}) {
            for (int step = 0; step < data.size(); step++) {
                int one = step;
                // Whole, alone missing, and torn with those before it kept, or with those after it.
                action.accept(content(forced, data, lengths, (i, sector) -> i <= one));
                action.accept(content(forced, data, lengths, (i, sector) -> i != one));
                int sectors = sectors(data.get(step));
                for (int border = 1; border < sectors; border++) {
                    int torn = border;
                    action.accept(
                            content(forced, data, lengths, (i, sector) -> i < one || (i == one && sector < torn)));
                    action.accept(
                            content(forced, data, lengths, (i, sector) -> i > one || (i == one && sector >= torn)));
                }
            }
            for (int i = 0; i < CHANCES; i++) {
                action.accept(content(forced, data, lengths, (step, sector) -> random.nextBoolean()));
            }
        }
    }

    private interface Kept {
        boolean test(int step, int sector);
    }

    private static int sectors(DiskStep step) {
        return step instanceof DiskStep.Write write
                ? (write.offset() % SECTOR + write.bytes().length + SECTOR - 1) / SECTOR
                : 1;
    }

    private static Map<DiskNode, DiskBytes> content(DiskImage forced, List<DiskStep> data, boolean lengths, Kept kept) {
        Map<DiskNode, Torn> changed = new IdentityHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            DiskStep step = data.get(i);
            if (step instanceof DiskStep.Write write) {
                changed.computeIfAbsent(write.file(), file -> new Torn(forced.content(file), data, file))
                        .write(write, i, lengths, kept);
            } else if (step instanceof DiskStep.Resize resize && kept.test(i, 0)) {
                changed.computeIfAbsent(resize.file(), file -> new Torn(forced.content(file), data, file))
                        .resize(resize.size());
            }
        }
        Map<DiskNode, DiskBytes> result = new IdentityHashMap<>();
        changed.forEach((file, torn) -> result.put(file, torn.toBytes()));
        return result;
    }

    /** A file while parts of writes come to it. */
    private static final class Torn {
        private final byte[] bytes;
        private int end;

        Torn(byte[] forced, List<DiskStep> data, DiskNode file) {
            int longest = forced.length;
            for (DiskStep step : data) {
                if (step instanceof DiskStep.Write write && write.file() == file) {
                    longest = Math.max(longest, write.offset() + write.bytes().length);
                } else if (step instanceof DiskStep.Resize resize && resize.file() == file) {
                    longest = Math.max(longest, resize.size());
                }
            }
            bytes = Arrays.copyOf(forced, longest);
            end = forced.length;
        }

        void write(DiskStep.Write write, int number, boolean lengths, Kept kept) {
            int length = write.bytes().length;
            int lead = write.offset() % SECTOR;
            int sectors = sectors(write);
            for (int sector = 0; sector < sectors; sector++) {
                if (kept.test(number, sector)) {
                    int from = Math.max(0, sector * SECTOR - lead);
                    int to = Math.min(length, (sector + 1) * SECTOR - lead);
                    System.arraycopy(write.bytes(), from, bytes, write.offset() + from, to - from);
                    end = Math.max(end, write.offset() + to);
                }
            }
            if (lengths) {
                end = Math.max(end, write.offset() + length);
            }
        }

        void resize(int size) {
            Arrays.fill(bytes, Math.min(size, end), bytes.length, (byte) 0);
            end = size;
        }

        DiskBytes toBytes() {
            return new DiskBytes(end == bytes.length ? bytes : Arrays.copyOf(bytes, end));
        }
    }
}
