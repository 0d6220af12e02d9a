package org.arrownpz.flight.internal.web;

import com.fasterxml.jackson.core.JsonGenerator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.NumpyArrays;
import org.arrownpz.dtype.ScalarDType;
import org.arrownpz.ipc.Tables;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npy.StorageOrder;
import org.jspecify.annotations.Nullable;

/** Arrays that are no tables: a plane of one as numbers, sampled where it is large, and as an image. */
final class Arrays {
    private static final int MAX_VALUES = 65_536;
    private static final int MAX_PIXELS = 1 << 23;
    private static final long MAX_BYTES = 1 << 24;
    private static final int RGB = 3;

    private Arrays() {}

    /** A consumer of an array. */
    private interface Use {
        void of(NumpyArray array) throws IOException;
    }

    private static void use(BufferAllocator allocator, Path file, String name, Use use) throws IOException {
        if (Tables.format(file).equals("npy")) {
            try (NumpyArray array = Npy.load(allocator, file)) {
                use.of(array);
            }
            return;
        }
        try (NumpyArrays arrays = Npz.open(allocator, file)) {
            String bare = arrays.contains(name) ? name : name.replaceFirst("\\.npy$", "");
            if (!arrays.contains(bare)) {
                throw Exchange.notFound("there is no array of that name");
            }
            use.of(arrays.get(bare));
        }
    }

    /** Answers with rows and columns of the plane that the leading indexes choose. */
    static void values(BufferAllocator allocator, Path file, String name, Exchange exchange) throws IOException {
        use(allocator, file, name, array -> {
            int dimensions = array.shape().dimensions();
            Exchange.Range rows = within(exchange.range("rows"), dimensions < 1 ? 1 : length(array, 2));
            Exchange.Range columns = within(exchange.range("cols"), dimensions < 2 ? 1 : length(array, 1));
            long most = Math.max(
                    1,
                    Math.min(MAX_VALUES, MAX_BYTES / Math.max(1, array.dtype().itemSize())));
            double share = (double) rows.length() * columns.length() / most;
            long step = Math.max(1, (long) Math.ceil(dimensions < 2 ? share : Math.sqrt(share)));
            while (step < Integer.MAX_VALUE && count(rows, step) * count(columns, dimensions < 2 ? 1 : step) > most) {
                step++;
            }
            List<String> index = leading(exchange.parameter("index"), dimensions - 2);
            if (dimensions >= 1) {
                index.add(rows.from() + ":" + rows.to() + ":" + step);
            }
            if (dimensions >= 2) {
                index.add(columns.from() + ":" + columns.to() + ":" + step);
            }
            NumpyArray part = slice(array, index);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JsonGenerator json = Data.FACTORY.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeFieldName("shape");
                json.writeArray(array.shape().lengths(), 0, dimensions);
                json.writeStringField("dtype", array.dtype().toString());
                json.writeStringField("order", array.order() == StorageOrder.FORTRAN ? "F" : "C");
                json.writeNumberField("step", step);
                json.writeArrayFieldStart("values");
                Elements elements = elements(part, json);
                int all = Math.toIntExact(part.shape().elements());
                int width =
                        Math.max(1, dimensions < 2 ? all : (int) part.shape().length(1));
                for (int first = 0; first < all; first += width) {
                    json.writeStartArray();
                    for (int i = first; i < first + width; i++) {
                        elements.write(i);
                    }
                    json.writeEndArray();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            exchange.bytes(Exchange.JSON, bytes.toByteArray());
        });
    }

    /** The length of a dimension, counted from the last one; the first where there are not so many. */
    private static long length(NumpyArray array, int fromEnd) {
        return array.shape().length(Math.max(0, array.shape().dimensions() - fromEnd));
    }

    private static Exchange.Range within(Exchange.Range wanted, long length) {
        long to = Math.min(wanted.to(), length);
        return new Exchange.Range(Math.min(wanted.from(), to), to);
    }

    private static long count(Exchange.Range range, long step) {
        return (range.length() + step - 1) / step;
    }

    /** The leading indexes, with zeros for those that are not given. */
    private static List<String> leading(@Nullable String given, int count) {
        List<String> index = new ArrayList<>();
        if (given != null && !given.isEmpty()) {
            for (String one : given.split(",", -1)) {
                if (!one.matches("\\d{1,18}")) {
                    throw new IllegalArgumentException("index is a list of positions");
                }
                index.add(one);
            }
        }
        if (index.size() > Math.max(0, count)) {
            throw new IllegalArgumentException("index has " + index.size() + " positions, and there are " + count
                    + " dimensions before rows and columns");
        }
        while (index.size() < count) {
            index.add("0");
        }
        return index;
    }

    private static NumpyArray slice(NumpyArray array, List<String> index) throws IOException {
        try {
            return array.slice(String.join(", ", index));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("index: there is no such position", e);
        }
    }

    /** Writes an element. */
    private interface Elements {
        void write(int element) throws IOException;
    }

    private static Elements elements(NumpyArray part, JsonGenerator json) throws IOException {
        if (part.smallFloat() != null) {
            float[] values = part.floats();
            return i -> Cells.real(values[i], true, json);
        }
        if (!(part.dtype() instanceof ScalarDType scalar)) {
            return i -> json.writeString("…");
        }
        switch (scalar.kind()) {
            case FLOAT -> {
                if (scalar.itemSize() <= Double.BYTES) {
                    double[] values = part.doubles();
                    return i -> Cells.real(values[i], scalar.itemSize() < Double.BYTES, json);
                }
            }
            case UINT -> {
                long[] values = part.unsignedLongs();
                return i -> Cells.integer(values[i], true, json);
            }
            case INT, DATETIME, TIMEDELTA -> {
                long[] values = part.longs();
                return i -> Cells.integer(values[i], false, json);
            }
            case BOOL -> {
                boolean[] values = part.to(boolean[].class);
                return i -> json.writeBoolean(values[i]);
            }
            case UNICODE -> {
                String[] values = part.strings();
                return i -> json.writeString(values[i]);
            }
            case COMPLEX -> {
                double[] values = part.complexes();
                return i ->
                        json.writeString(values[2 * i] + (values[2 * i + 1] < 0 ? "" : "+") + values[2 * i + 1] + "j");
            }
            default -> {}
        }
        return i -> json.writeString("…");
    }

    /** Answers with a picture of {@code uint8}: grey, or of three colours. */
    static void image(BufferAllocator allocator, Path file, String name, Exchange exchange) throws IOException {
        use(allocator, file, name, array -> {
            int dimensions = array.shape().dimensions();
            boolean colour = dimensions > 2 && length(array, 1) == RGB;
            int before = dimensions - (colour ? 3 : 2);
            if (before < 0 || !array.dtype().toString().equals("|u1")) {
                throw new IllegalArgumentException(
                        "a picture is an array of uint8 of two dimensions, or three colours");
            }
            long high = array.shape().length(before);
            long wide = array.shape().length(before + 1);
            if (high < 1 || wide < 1 || high > MAX_PIXELS / wide) {
                throw new IllegalArgumentException("a picture has one to " + MAX_PIXELS + " pixels");
            }
            List<String> index = leading(exchange.parameter("index"), before);
            index.add("...");
            BufferedImage image = new BufferedImage(
                    (int) wide, (int) high, colour ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY);
            int[] pixels = slice(array, index).ints();
            image.getRaster().setPixels(0, 0, (int) wide, (int) high, pixels);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", bytes);
            exchange.bytes("image/png", bytes.toByteArray());
        });
    }
}
