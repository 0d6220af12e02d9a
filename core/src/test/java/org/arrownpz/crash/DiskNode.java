package org.arrownpz.crash;

import java.util.TreeMap;

/** A file or a directory of a {@link Disk}, which names lead to. File content is replaced, never changed in place. */
final class DiskNode {
    final boolean directory;
    final TreeMap<String, DiskNode> entries = new TreeMap<>();
    byte[] bytes = {};

    DiskNode(boolean directory) {
        this.directory = directory;
    }
}
