package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.arrownpz.NpzException;
import org.arrownpz.WriteOptions;
import org.arrownpz.WriteOptions.Durability;
import org.arrownpz.npy.NumpyArray;

/** An archive of random arrays of bytes, all of one length. */
final class SampleArchive {
    static final int ARRAYS = 30;
    static final int LENGTH = 50_000;
    static final WriteOptions QUICK = WriteOptions.defaults().withDurability(Durability.RENAME_ONLY);

    private SampleArchive() {}

    /** Writes arrays a0, a1, …: stored at level 0, else deflated. */
    static Path write(Path folder, int level) throws NpzException {
        Path path = folder.resolve("level" + level + ".npz");
        try (NpzWriter writer = NpzWriter.create(path, QUICK.deflate(level))) {
            for (int i = 0; i < ARRAYS; i++) {
                RawArray array = array(i);
                writer.array("a" + i + ".npy", array.header(), array);
            }
            writer.finish();
        }
        return path;
    }

    static RawArray array(int i) {
        return RawArray.random(new Random(i), LENGTH);
    }

    static void assertHolds(ArrowBuf region, RawArray expected) {
        byte[] bytes = new byte[(int) region.capacity()];
        region.getBytes(0, bytes);
        assertThat(bytes).isEqualTo(expected.bytes());
    }

    static ArrowBuf data(NpzFile file, String name) throws NpzException {
        NumpyArray array = file.array(name);
        return array.region(0, array.header().dataLength());
    }
}
