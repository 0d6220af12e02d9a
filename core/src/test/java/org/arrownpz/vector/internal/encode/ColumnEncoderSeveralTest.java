package org.arrownpz.vector.internal.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.arrownpz.WriteOptions;
import org.arrownpz.testing.LeakCheck;
import org.arrownpz.vector.NumpyMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Columns of one type share an encoding, and those that only look alike do not. */
@ExtendWith(LeakCheck.class)
final class ColumnEncoderSeveralTest {
    private static final FieldType DOUBLE = FieldType.nullable(MinorType.FLOAT8.getType());
    private static final FieldType SECONDS = FieldType.nullable(MinorType.TIMESTAMPSEC.getType());

    private static List<ColumnEncoding> plan(FieldVector... vectors) throws Exception {
        return ColumnEncoder.planAll(
                List.of(vectors).stream().map(List::of).collect(Collectors.toList()), WriteOptions.defaults(), true);
    }

    private static Float8Vector doubles(BufferAllocator allocator, FieldType type, boolean hole) {
        Float8Vector vector = new Float8Vector(new Field("d", type, null), allocator);
        vector.allocateNew(2);
        vector.set(0, 1.5);
        if (hole) {
            vector.setNull(1);
        } else {
            vector.set(1, 2.5);
        }
        vector.setValueCount(2);
        return vector;
    }

    @Test
    void countsTheNullsOfEachColumn(BufferAllocator allocator) throws Exception {
        try (Float8Vector first = doubles(allocator, DOUBLE, true);
                Float8Vector second = doubles(allocator, DOUBLE, false);
                Float8Vector third = doubles(allocator, DOUBLE, true)) {
            List<ColumnEncoding> encodings = plan(first, second, third);
            assertThat(encodings)
                    .extracting(encoding -> ((ColumnEncoding.Numpy) encoding).nullCount())
                    .containsExactly(1L, 0L, 1L);
        }
    }

    @Test
    void tellsMetadataAndNullabilityApart(BufferAllocator allocator) throws Exception {
        FieldType big = new FieldType(true, DOUBLE.getType(), null, Map.of(NumpyMetadata.DTYPE, ">f8"));
        FieldType required = FieldType.notNullable(DOUBLE.getType());
        try (Float8Vector plain = doubles(allocator, DOUBLE, false);
                Float8Vector swapped = doubles(allocator, big, false);
                Float8Vector full = doubles(allocator, required, false)) {
            List<ColumnEncoding> encodings = plan(plain, swapped, full, plain);
            assertThat(encodings)
                    .extracting(Object::toString)
                    .containsExactly("block <f8", "block >f8", "block <f8", "block <f8");
            assertThat(encodings)
                    .extracting(encoding -> ((ColumnEncoding.Numpy) encoding).exactType())
                    .containsExactly(true, true, false, true);
        }
    }

    /** One timestamp is what NumPy takes for NaT: its column cannot be a block, its neighbours can. */
    @Test
    void looksAtTheValuesOfTimes(BufferAllocator allocator) throws Exception {
        try (TimeStampSecVector first = seconds(allocator, 5);
                TimeStampSecVector second = seconds(allocator, Long.MIN_VALUE);
                TimeStampSecVector third = seconds(allocator, 7)) {
            assertThat(plan(first, second, third))
                    .extracting(encoding -> encoding instanceof ColumnEncoding.Numpy)
                    .containsExactly(true, false, true);
        }
    }

    private static TimeStampSecVector seconds(BufferAllocator allocator, long value) {
        TimeStampSecVector vector = new TimeStampSecVector(new Field("t", SECONDS, null), allocator);
        vector.allocateNew(1);
        vector.set(0, value);
        vector.setValueCount(1);
        return vector;
    }
}
