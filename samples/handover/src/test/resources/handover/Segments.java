import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.array.Npy;
import org.arrownpz.npy.NumpyArray;

/**
 * Memory segments over a mapped array, JDK 22 and later.
 *
 * <p>Copied: nothing. Memory: a segment of a buffer keeps the file's mapping as the buffer does. One of a region, which may be
 * longer than 2 GiB, ends with its arena, which gives the region back. Byte order: the file's.
 */
public final class Segments {
    public static void main(String[] arguments) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                NumpyArray array = Npy.load(allocator, Path.of(arguments[0]));
                Arena arena = Arena.ofConfined()) {
            MemorySegment kept = MemorySegment.ofBuffer(array.buffer());
            long size = array.data().size();
            ArrowBuf region = array.region(0, size);
            MemorySegment whole = MemorySegment.ofAddress(region.memoryAddress())
                    .reinterpret(size, arena, segment -> region.close())
                    .asReadOnly();
            System.out.println(whole.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4));
            System.out.println("the same bytes: " + (whole.mismatch(kept) == -1) + ", the same address: "
                    + (whole.address() == kept.address()));
        }
    }
}
