package org.arrownpz.handover;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.NpzException;
import org.arrownpz.array.Npy;
import org.arrownpz.npy.NumpyArray;

/**
 * A matrix into DJL, here with its engine for ONNX Runtime.
 *
 * <p>Copied: nothing on the way in with this engine; others copy, each by its own rule. Memory: the file's mapping, which
 * the buffer keeps; the {@code NDManager} closes the array of DJL. Byte order: the machine's, or {@code floatBuffer()}
 * refuses. DJL's engine has to start before anything else uses ONNX Runtime in the same JVM.
 */
final class Djl {
    private Djl() {}

    static float[] run(BufferAllocator allocator, Path matrix, Path model) throws Exception {
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(model)
                .optEngine("OnnxRuntime")
                .build();
        try (NumpyArray array = Npy.load(allocator, matrix);
                ZooModel<NDList, NDList> loaded = criteria.loadModel();
                Predictor<NDList, NDList> predictor = loaded.newPredictor();
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "OnnxRuntime");
                NDList result = predictor.predict(new NDList(tensor(manager, array)))) {
            return result.get(0).toFloatArray();
        }
    }

    static NDArray tensor(NDManager manager, NumpyArray array) throws NpzException {
        return manager.create(array.floatBuffer(), new Shape(array.shape().lengths()), DataType.FLOAT32);
    }
}
