package org.arrownpz.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.dtype.ScalarDType.ByteOrdering;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link DType#descr()} writes reads back as an equal type. */
class DescrRoundTripTest {
    private static final String[] NAME_PARTS = {
        "a",
        "b",
        "x1",
        " ",
        "'",
        "\"",
        "\\",
        "\n",
        "\t",
        "\r",
        "\u0000",
        "\u0007",
        "\u007f",
        "é",
        "ß",
        "\u00a0",
        "\u00ad",
        "☃",
        "\u2028",
        "\ue000",
        "中",
        "😀",
        "\ud83c\udfff",
        "n",
        "x",
        "u",
        "0",
        ",",
        "(",
        "]",
        "#"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomTypesReadBackEqual(long seed) throws NpzException {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            DType type = type(random, 3);
            String descr = type.descr();

            DType back = DescrParser.parse(descr, ReadLimits.defaults(), Location.ofFile(null));

            assertThat(back).as(descr).isEqualTo(type);
            assertThat(back.itemSize()).as(descr).isEqualTo(type.itemSize());
            assertThat(back.descr()).isEqualTo(descr);
        }
    }

    private static DType type(Random random, int depth) {
        return depth > 0 && random.nextInt(3) == 0 ? struct(random, depth) : scalar(random);
    }

    private static StructDType struct(Random random, int depth) {
        List<StructDType.Field> fields = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        long end = 0;
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            end += padding(random);
            DType type = type(random, depth - 1);
            for (int j = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0; j > 0; j--) {
                type = subarray(random, type);
            }
            String title = random.nextInt(4) == 0 ? name(random, taken) : null;
            fields.add(new StructDType.Field(name(random, taken), title, type, end));
            end += type.itemSize();
        }
        return new StructDType(fields, end + padding(random));
    }

    private static long padding(Random random) {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(9) : 0;
    }

    private static SubarrayDType subarray(Random random, DType element) {
        List<Integer> shape = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            shape.add(random.nextInt(4));
        }
        return new SubarrayDType(element, shape);
    }

    private static String name(Random random, Set<String> taken) {
        while (true) {
            StringBuilder name = new StringBuilder();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                name.append(NAME_PARTS[random.nextInt(NAME_PARTS.length)]);
            }
            if (taken.add(name.toString())) {
                return name.toString();
            }
        }
    }

    private static ScalarDType scalar(Random random) {
        ByteOrdering order = random.nextBoolean() ? ByteOrdering.LITTLE : ByteOrdering.BIG;
        DTypeKind kind = DTypeKind.values()[random.nextInt(DTypeKind.values().length)];
        return switch (kind) {
            case BOOL -> ScalarDType.of(kind, 1);
            case INT, UINT -> number(kind, order, 1 << random.nextInt(4));
            case FLOAT -> number(kind, order, 2 << random.nextInt(4));
            case COMPLEX -> number(kind, order, 8 << random.nextInt(3));
            case BYTES -> ScalarDType.of(kind, random.nextInt(20));
            case VOID -> ScalarDType.of(kind, 1 + random.nextInt(20));
            case UNICODE -> new ScalarDType(kind, order, 4L * random.nextInt(20), null);
            case DATETIME, TIMEDELTA -> new ScalarDType(kind, order, 8, unit(random));
        };
    }

    private static ScalarDType number(DTypeKind kind, ByteOrdering order, int size) {
        return new ScalarDType(kind, size == 1 ? ByteOrdering.NONE : order, size, null);
    }

    private static TimeUnit64 unit(Random random) {
        TimeUnit64.Base base = TimeUnit64.Base.values()[random.nextInt(TimeUnit64.Base.values().length)];
        boolean one = base == TimeUnit64.Base.GENERIC || random.nextBoolean();
        return new TimeUnit64(base, one ? 1 : 1 + random.nextInt(Integer.MAX_VALUE));
    }
}
