package starter;

import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ReadOptions;
import org.arrownpz.WriteOptions;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.ipc.Ipc;
import org.arrownpz.ipc.IpcFile;
import org.arrownpz.ipc.IpcOptions;

/** Arrays to an NPZ file and back, as a table of Arrow, and as Feather. */
public final class Starter {
    private Starter() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments.length == 0 ? "." : arguments[0]);
        Path arrays = directory.resolve("arrays.npz");
        Path feather = directory.resolve("closes.feather");
        Npz.save(arrays, Map.of("close", new double[] {1.5, 2.5, 3.5}));

        try (BufferAllocator allocator = new RootAllocator()) {
            try (NumpyArrays read = Npz.load(allocator, arrays)) {
                System.out.println(read.names() + " " + read.get("close").doubles().length);
            }
            try (Frame frame = Frames.openArray(allocator, arrays, "close", ReadOptions.defaults())) {
                Ipc.write(frame, feather, IpcOptions.defaults());
            }
            try (IpcFile file = Ipc.read(allocator, feather)) {
                Frames.write(file.frame(), directory.resolve("closes.npz"), WriteOptions.defaults());
                System.out.println(file.frame().root().contentToTSVString());
            }
        }
    }
}
