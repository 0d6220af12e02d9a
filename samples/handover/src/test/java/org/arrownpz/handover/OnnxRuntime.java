package org.arrownpz.handover;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.array.Npy;
import org.arrownpz.npy.NumpyArray;

/**
 * A matrix into ONNX Runtime.
 *
 * <p>Copied: nothing on the way in; the result, by {@code getValue}. Memory: the file's mapping, which the buffer keeps and
 * the tensor keeps the buffer, so that closing the array first is safe. Byte order: the runtime takes an address and asks for
 * none; {@code floatBuffer()} refuses a file in another order than the machine's.
 */
final class OnnxRuntime {
    private OnnxRuntime() {}

    static float[][] run(BufferAllocator allocator, Path matrix, Path model) throws NpzException, OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (NumpyArray array = Npy.load(allocator, matrix);
                OrtSession session = environment.createSession(model.toString());
                OnnxTensor x = tensor(environment, array);
                OrtSession.Result result = session.run(Map.of("x", x))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    static OnnxTensor tensor(OrtEnvironment environment, NumpyArray array) throws NpzException, OrtException {
        return OnnxTensor.createTensor(
                environment, array.floatBuffer(), array.shape().lengths());
    }
}
