package org.arrownpz.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.arrownpz.frame.Frame;

/** What frame-fixtures itself made, and digests to compare with it. */
final class Golden {
    private Golden() {}

    static JsonNode json(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/frame-fixtures/" + file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<FieldVector> columns(Frame frame) {
        List<FieldVector> vectors = frame.root().getFieldVectors();
        return vectors.subList(frame.indexLevels(), vectors.size());
    }

    /** The elements of a column in their order. */
    static void update(MessageDigest digest, FieldVector vector) {
        long length = (long) NumpyColumns.itemSize(vector) * vector.getValueCount();
        ArrowBuf data = NumpyColumns.data(vector);
        byte[] chunk = new byte[1 << 20];
        for (long at = 0; at < length; at += chunk.length) {
            int part = (int) Math.min(chunk.length, length - at);
            data.getBytes(at, chunk, 0, part);
            digest.update(chunk, 0, part);
        }
    }

    /** The elements of a block of equally wide columns, row by row. */
    static void updateRowMajor(MessageDigest digest, List<FieldVector> block) {
        int rows = block.get(0).getValueCount();
        int item = NumpyColumns.itemSize(block.get(0));
        int step = Math.max(1, (1 << 22) / (item * block.size()));
        byte[] lines = new byte[Math.min(step, rows) * item * block.size()];
        byte[] part = new byte[Math.min(step, rows) * item];
        for (int row = 0; row < rows; row += step) {
            int height = Math.min(step, rows - row);
            for (int column = 0; column < block.size(); column++) {
                NumpyColumns.data(block.get(column)).getBytes((long) row * item, part, 0, height * item);
                for (int i = 0; i < height; i++) {
                    System.arraycopy(part, i * item, lines, (i * block.size() + column) * item, item);
                }
            }
            digest.update(lines, 0, height * item * block.size());
        }
    }

    /** The texts of the column labels as NumPy has them. */
    static String labels(Frame frame) {
        MessageDigest digest = sha256();
        ByteBuffer label = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < frame.columns().length(); i++) {
            String text = frame.columns().label(i).text();
            label.clear();
            text.chars().forEach(label::putInt);
            digest.update(label.array(), 0, label.position());
        }
        return hex(digest);
    }
}
