package org.arrownpz.crash;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a disk holds at one moment: content and names, whoever they belonged to in the course of things. */
final class DiskImage {
    private final DiskNode root;
    private final Map<DiskNode, DiskBytes> content;
    private final Map<DiskNode, TreeMap<String, DiskNode>> names;

    private DiskImage(DiskNode root, Map<DiskNode, DiskBytes> content, Map<DiskNode, TreeMap<String, DiskNode>> names) {
        this.root = root;
        this.content = content;
        this.names = names;
    }

    static DiskImage of(Disk disk) {
        DiskImage image = new DiskImage(disk.root, new IdentityHashMap<>(), new IdentityHashMap<>());
        image.add(disk.root);
        return image;
    }

    private void add(DiskNode node) {
        if (node.directory) {
            names.put(node, new TreeMap<>(node.entries));
            node.entries.values().forEach(this::add);
        } else {
            content.put(node, new DiskBytes(node.bytes));
        }
    }

    DiskImage copy() {
        Map<DiskNode, TreeMap<String, DiskNode>> copies = new IdentityHashMap<>();
        names.forEach((node, entries) -> copies.put(node, new TreeMap<>(entries)));
        return new DiskImage(root, new IdentityHashMap<>(content), copies);
    }

    /** The same names over other content. */
    DiskImage with(Map<DiskNode, DiskBytes> changed) {
        Map<DiskNode, DiskBytes> all = new IdentityHashMap<>(content);
        all.putAll(changed);
        return new DiskImage(root, all, names);
    }

    byte[] content(DiskNode file) {
        return content.getOrDefault(file, DiskBytes.NONE).bytes;
    }

    private TreeMap<String, DiskNode> names(DiskNode directory) {
        return names.computeIfAbsent(directory, key -> new TreeMap<>());
    }

    /** Does what a step does, also where an earlier one that it builds on was lost. */
    void apply(DiskStep step) {
        if (step instanceof DiskStep.Link link) {
            names(link.directory()).put(link.name(), link.node());
        } else if (step instanceof DiskStep.Unlink unlink) {
            names(unlink.directory()).remove(unlink.name());
        } else if (step instanceof DiskStep.Move move) {
            names(move.from()).remove(move.name(), move.node());
            names(move.to()).put(move.newName(), move.node());
        } else if (step instanceof DiskStep.Write write) {
            content.put(
                    write.file(), new DiskBytes(Disk.written(content(write.file()), write.offset(), write.bytes())));
        } else if (step instanceof DiskStep.Resize resize) {
            content.put(resize.file(), new DiskBytes(Arrays.copyOf(content(resize.file()), resize.size())));
        }
    }

    /** All files in a directory, by their paths; those in directories in it too. */
    Map<String, byte[]> files(String directory) {
        Map<String, byte[]> files = new TreeMap<>();
        collect(names(root).get(directory), "", files);
        return files;
    }

    private void collect(DiskNode directory, String prefix, Map<String, byte[]> files) {
        names(directory).forEach((name, node) -> {
            if (node.directory) {
                collect(node, prefix + name + "/", files);
            } else {
                files.put(prefix + name, content(node));
            }
        });
    }

    /** A disk that holds this and nothing else. */
    Disk toDisk() {
        Disk disk = new Disk();
        fill(disk.root, root);
        return disk;
    }

    private void fill(DiskNode target, DiskNode source) {
        names(source).forEach((name, node) -> {
            DiskNode copy = new DiskNode(node.directory);
            copy.bytes = content(node);
            target.entries.put(name, copy);
            if (node.directory) {
                fill(copy, node);
            }
        });
    }

    /** Equal for equal names and content, and different for different ones but by a rare chance. */
    long signature() {
        return signature(root);
    }

    private long signature(DiskNode directory) {
        long sum = 17;
        for (Map.Entry<String, DiskNode> entry : names(directory).entrySet()) {
            DiskNode node = entry.getValue();
            long part = node.directory
                    ? signature(node)
                    : content.getOrDefault(node, DiskBytes.NONE).hash();
            sum = (sum * 0x9E3779B97F4A7C15L + entry.getKey().hashCode()) * 0xC2B2AE3D27D4EB4FL + part;
        }
        return sum;
    }
}
