package org.arrownpz.safety;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;

/** Files of every kind, small ones. */
final class Samples {
    private static final WriteOptions FAST = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    final Path zoo;
    final Path deflated;
    final Path folder;
    final Path frame = AlignTest.resource("golden/static-frame/article_example.npz");
    final Path cOrder = AlignTest.resource("golden/static-frame/block_c_order.npz");
    final Path text = AlignTest.resource("golden/static-frame/dtype_unicode.npz");
    final Path bus = AlignTest.resource("golden/static-frame/bus_zip_npz_stored.zip");
    final Path deflatedBus = AlignTest.resource("golden/static-frame/bus_zip_npy_deflated.zip");
    final Path plain;
    final Path npy;

    Samples(Path directory) throws Exception {
        zoo = directory.resolve("zoo.npz");
        deflated = directory.resolve("deflated.npz");
        folder = directory.resolve("folder");
        plain = directory.resolve("plain.npz");
        npy = directory.resolve("array.npy");
        Files.write(npy, Members.npy("<U3", "(2, 3)", new byte[72]));
        try (BufferAllocator allocator = new RootAllocator();
                Zoo animals = new Zoo(allocator)) {
            try (Frame one = Frame.of(animals.root(), animals.dictionaries())) {
                Frames.write(one, zoo, FAST);
                Frames.write(one, deflated, FAST.deflate(6));
                Frames.writeDirectory(one, folder, FAST);
            }
            Members.read(allocator, zoo)
                    .only("none")
                    .with("a.npy", Members.npy("<f8", "(4,)", new byte[32]))
                    .with("b.npy", Members.npy(">i4", "(4, 2)", new byte[32]))
                    .with("c.npy", Members.npy("|b1", "(4,)", new byte[4]))
                    .write(plain);
        }
    }
}
