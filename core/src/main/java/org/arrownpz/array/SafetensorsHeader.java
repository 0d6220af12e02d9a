package org.arrownpz.array;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.io.ByteSource;
import org.arrownpz.npy.Shape;

/**
 * The header of a safetensors file (huggingface/safetensors, README.md, "Format"): eight bytes of length, then JSON. All of
 * it is proven before a byte of data is viewed: tensors tile the rest of the file, without holes and overlaps.
 *
 * @param tensors by name, in the order of their data
 * @param metadata the texts of {@code __metadata__}
 * @param start where the data begin in the file
 */
record SafetensorsHeader(Map<String, Tensor> tensors, Map<String, String> metadata, int start) {
    static final String METADATA = "__metadata__";
    /** The format's own limit. */
    private static final int MAX_BYTES = 100_000_000;

    private static final int NESTING = 3;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING)
                    .maxStringLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .build())
            .build();

    /**
     * A tensor.
     *
     * @param begin where its data begin, from the first byte behind the header
     * @param end where they end
     */
    record Tensor(SafetensorsType type, Shape shape, long begin, long end) {}

    /** The bytes that elements take; -1 where the last one ends within a byte. */
    static long bytes(long elements, int bits) {
        if (bits % Byte.SIZE == 0) {
            return Math.multiplyExact(elements, bits / Byte.SIZE);
        }
        long all = Math.multiplyExact(elements, bits);
        return all % Byte.SIZE == 0 ? all / Byte.SIZE : -1;
    }

    /** Reads and checks the header. */
    static SafetensorsHeader read(ByteSource source, ReadLimits limits, Location location) throws NpzException {
        if (source.size() < Long.BYTES) {
            throw location.error(ErrorCode.MAGIC, "the file is too short for a safetensors file")
                    .found(source.size() + " bytes")
                    .build();
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        source.read(0, bytes);
        long length = bytes.getLong(0);
        long most = Math.min(MAX_BYTES, limits.directoryBytes());
        if (length < 0 || length > most) {
            throw location.error(ErrorCode.HEADER_LENGTH, "the safetensors header is too long")
                    .expected("at most " + most + " bytes")
                    .found(Long.toUnsignedString(length))
                    .build();
        }
        if (length > source.size() - Long.BYTES) {
            throw location.error(ErrorCode.HEADER_LENGTH, "the safetensors header ends behind the file")
                    .expected("at most " + (source.size() - Long.BYTES) + " bytes")
                    .found(length)
                    .build();
        }
        byte[] json = new byte[(int) length];
        source.read(Long.BYTES, ByteBuffer.wrap(json));
        int start = Long.BYTES + json.length;
        return new Reading(json, location, limits, start).header(source.size() - start);
    }

    /** The JSON as it is read. Used once. */
    private static final class Reading {
        private final byte[] json;
        private final Location location;
        private final ReadLimits limits;
        private final int start;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final List<Map.Entry<String, Tensor>> found = new ArrayList<>();

        Reading(byte[] json, Location location, ReadLimits limits, int start) {
            this.json = json;
            this.location = location;
            this.limits = limits;
            this.start = start;
        }

        SafetensorsHeader header(long dataBytes) throws NpzException {
            if (json.length == 0 || json[0] != '{') {
                throw error(ErrorCode.HEADER_SYNTAX, "the safetensors header does not begin with a brace");
            }
            try (JsonParser parser = JSON.createParser(text())) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    if (name.equals(METADATA)) {
                        metadata(parser);
                    } else {
                        found.add(Map.entry(name, tensor(parser, name)));
                        limit("tensors", limits.members(), found.size());
                    }
                }
                padding((int) parser.currentLocation().getCharOffset());
            } catch (NpzException e) {
                throw e;
            } catch (IOException e) {
                throw location.error(ErrorCode.HEADER_SYNTAX, "the safetensors header is no JSON, or has a name twice")
                        .found(SafeText.escape(String.valueOf(e.getMessage()), 300))
                        .cause(e)
                        .build();
            }
            return new SafetensorsHeader(tiles(dataBytes), metadata, start);
        }

        private String text() throws NpzException {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(json))
                        .toString();
            } catch (CharacterCodingException e) {
                throw location.error(ErrorCode.HEADER_ENCODING, "the safetensors header is not UTF-8")
                        .cause(e)
                        .build();
            }
        }

        /** Behind the JSON are blanks alone, which are one byte each. */
        private void padding(int characters) throws NpzException {
            String text = text();
            for (int i = characters; i < text.length(); i++) {
                if (text.charAt(i) != ' ') {
                    throw error(ErrorCode.HEADER_SYNTAX, "the safetensors header goes on behind its JSON");
                }
            }
        }

        private void metadata(JsonParser parser) throws IOException {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, METADATA);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, METADATA);
                metadata.put(key, parser.getText());
            }
        }

        private Tensor tensor(JsonParser parser, String name) throws IOException {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, name);
            SafetensorsType type = null;
            long[] shape = null;
            long[] offsets = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "dtype" -> {
                        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, name);
                        type = type(parser.getText(), name);
                    }
                    case "shape" -> shape = numbers(parser, name, limits.dimensions(), "dimensions");
                    case "data_offsets" -> offsets = numbers(parser, name, 2, "offsets");
                    default ->
                        throw location.member(name)
                                .error(ErrorCode.HEADER_KEYS, "the tensor has a key that the format does not know")
                                .found(SafeText.quote(parser.currentName()))
                                .build();
                }
            }
            if (type == null || shape == null || offsets == null || offsets.length != 2) {
                throw location.member(name)
                        .fault(ErrorCode.HEADER_KEYS, "the tensor lacks its dtype, shape or two data_offsets");
            }
            return checked(new Tensor(type, shape(shape, name), offsets[0], offsets[1]), name);
        }

        private SafetensorsType type(String text, String name) throws NpzException {
            SafetensorsType type = SafetensorsType.ofName(text);
            if (type == null) {
                throw location.member(name)
                        .error(ErrorCode.DTYPE, "the tensor's dtype is not supported")
                        .expected("one of " + Arrays.toString(SafetensorsType.values()))
                        .found(SafeText.quote(text))
                        .build();
            }
            return type;
        }

        private Shape shape(long[] lengths, String name) throws NpzException {
            try {
                return Shape.of(lengths);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw location.member(name)
                        .error(ErrorCode.SIZE_OVERFLOW, "the tensor's shape has more elements than can be counted")
                        .found(Arrays.toString(lengths))
                        .cause(e)
                        .build();
            }
        }

        private Tensor checked(Tensor tensor, String name) throws NpzException {
            long bytes;
            try {
                bytes = bytes(tensor.shape().elements(), tensor.type().bits());
            } catch (ArithmeticException e) {
                throw location.member(name)
                        .error(ErrorCode.SIZE_OVERFLOW, "the tensor has more bytes than can be counted")
                        .found(tensor.shape())
                        .cause(e)
                        .build();
            }
            if (bytes < 0) {
                throw location.member(name)
                        .error(ErrorCode.SHAPE, "the tensor's last value ends within a byte")
                        .expected("a multiple of " + (tensor.type() == SafetensorsType.F4 ? 2 : 4) + " elements")
                        .found(tensor.shape())
                        .build();
            }
            if (tensor.begin() > tensor.end() || tensor.end() - tensor.begin() != bytes) {
                throw location.member(name)
                        .error(ErrorCode.SHAPE, "the tensor's offsets are not as far apart as its elements take")
                        .expected(bytes + " bytes")
                        .found(tensor.begin() + " to " + tensor.end())
                        .build();
            }
            return tensor;
        }

        private long[] numbers(JsonParser parser, String name, int most, String what) throws IOException {
            expect(parser, parser.nextToken(), JsonToken.START_ARRAY, name);
            long[] numbers = new long[8];
            int count = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, name);
                limit(what, most, count + 1);
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = number(parser, name);
            }
            return Arrays.copyOf(numbers, count);
        }

        private long number(JsonParser parser, String name) throws IOException {
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
                throw location.member(name)
                        .error(ErrorCode.SHAPE, "a shape or an offset is out of range")
                        .expected("0 to " + Long.MAX_VALUE)
                        .found(SafeText.escape(parser.getText(), 100))
                        .build();
            }
            return parser.getLongValue();
        }

        private void expect(JsonParser parser, JsonToken token, JsonToken expected, String name) throws IOException {
            if (token != expected) {
                throw location.member(name)
                        .error(ErrorCode.HEADER_SYNTAX, "the safetensors header has another kind of JSON value there")
                        .expected(expected)
                        .found(token == null ? "the end" : SafeText.escape(String.valueOf(parser.getText()), 100))
                        .build();
            }
        }

        private void limit(String what, long most, long count) throws NpzException {
            if (count > most) {
                throw location.error(ErrorCode.LIMIT, "there are more " + what + " than the limit")
                        .expected("at most " + most)
                        .build();
            }
        }

        /** The tensors in the order of their data, which they tile. */
        private Map<String, Tensor> tiles(long dataBytes) throws NpzException {
            found.sort(Comparator.comparingLong((Map.Entry<String, Tensor> entry) ->
                            entry.getValue().begin())
                    .thenComparingLong(entry -> entry.getValue().end()));
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            long end = 0;
            for (Map.Entry<String, Tensor> entry : found) {
                Tensor tensor = entry.getValue();
                if (tensor.begin() != end) {
                    throw location.member(entry.getKey())
                            .error(
                                    ErrorCode.HEADER_KEYS,
                                    "the tensor's data overlap another's, or there is a gap before them")
                            .expected("data from " + end)
                            .found(tensor.begin())
                            .build();
                }
                end = tensor.end();
                tensors.put(entry.getKey(), tensor);
            }
            if (end != dataBytes) {
                throw location.error(
                                end > dataBytes ? ErrorCode.DATA_TRUNCATED : ErrorCode.DATA_TRAILING,
                                "the file's data are not as long as its tensors")
                        .expected(end + " bytes")
                        .found(dataBytes)
                        .build();
            }
            return tensors;
        }

        private NpzException error(ErrorCode code, String problem) {
            return location.fault(code, problem);
        }
    }
}
