package org.arrownpz.crash;

/** A call that changes a disk, or forces what was changed. */
sealed interface DiskStep {
    /** Whether a directory is what changes. */
    default boolean isOfNames() {
        return this instanceof Link || this instanceof Unlink || this instanceof Move;
    }

    /** Whether a file's content is what changes. */
    default boolean isOfData() {
        return this instanceof Write || this instanceof Resize;
    }

    /** Whether forcing that node makes the step last. */
    boolean isForcedBy(DiskNode forced);

    /** A new file or directory. */
    record Link(DiskNode directory, String name, DiskNode node) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return forced == directory;
        }
    }

    record Unlink(DiskNode directory, String name) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return forced == directory;
        }
    }

    record Move(DiskNode from, String name, DiskNode to, String newName, DiskNode node) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return forced == to;
        }
    }

    record Write(DiskNode file, int offset, byte[] bytes) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return forced == file;
        }
    }

    record Resize(DiskNode file, int size) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return forced == file;
        }
    }

    record Force(DiskNode node) implements DiskStep {
        @Override
        public boolean isForcedBy(DiskNode forced) {
            return false;
        }
    }
}
