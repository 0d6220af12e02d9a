package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.StructVector;
import org.arrownpz.LimitExceededException;
import org.arrownpz.ReadOptions;
import org.arrownpz.TypeMapping;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.vector.internal.buffers.VectorValidation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dtype, index form and column form makes a valid frame, and one that a file gives back. */
class FrameFixtureFormsTest {
    private static final ReadOptions STORAGE = ReadOptions.defaults().withTypeMapping(TypeMapping.STORAGE);

    @TempDir
    Path directory;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
    }

    @AfterEach
    void releasesAllMemory() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    static List<String> dtypes() {
        return StreamSupport.stream(Specifiers.dtypeNames().spliterator(), false)
                .toList();
    }

    @Test
    void knowsAllDtypes() {
        assertThat(dtypes()).hasSize(38).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void columnsOfEveryDtypeSurviveAFile(String dtype) throws Exception {
        FrameFixture fixture = FrameFixture.parse("s(300,7)|v(" + dtype + ")|i(I,int)|c(I,str)");
        Path file = directory.resolve("fixture.npz");
        try (Frame frame = fixture.frame(allocator);
                Frame storage = fixture.frame(allocator, STORAGE)) {
            for (FieldVector vector : frame.root().getFieldVectors()) {
                VectorValidation.validateFull(vector);
            }
            Frames.write(frame, file, WriteOptions.defaults());
            try (Frame again = Frames.open(allocator, file, STORAGE)) {
                assertThat(again.blockCount()).isEqualTo(dtype.equals("object") ? 0 : 1);
                for (int i = 0; i < 7; i++) {
                    FieldVector expected = Golden.columns(storage).get(i);
                    FieldVector column = Golden.columns(again).get(i);
                    assertThat(NumpyColumns.values(column)).isEqualTo(NumpyColumns.values(expected));
                    assertThat(column.getName()).isEqualTo(expected.getName());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"i(I,str)", "i(ID,dtD)", "i(IH,(str,dtD,int,int))", "i((IY,I,Is),(dtY,str,int))"})
    void hierarchiesAndFlatIndicesSurviveAFile(String index) throws Exception {
        String columns = index.replace('i', 'c').replace("cnt", "int");
        Path file = directory.resolve("fixture.npz");
        FrameFixture fixture = FrameFixture.parse("s(12,9)|v(int,bool)|" + index + "|" + columns);
        fixture.write(file, WriteOptions.defaults());
        try (Frame made = fixture.frame(allocator);
                Frame read = Frames.open(allocator, file)) {
            assertThat(read.index().levelClasses()).isEqualTo(made.index().levelClasses());
            assertThat(read.columns().levelClasses()).isEqualTo(made.columns().levelClasses());
            assertThat(read.root().getSchema()).isEqualTo(made.root().getSchema());
            assertThat(read.root().contentToTSVString()).isEqualTo(made.root().contentToTSVString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'i(IY,dtY)', IndexYear", "'i(IM,dtM)', IndexYearMonth", "'i(IYM,dtM)', IndexYearMonth",
        "'i(ID,dtD)', IndexDate", "'i(Ih,dth)', IndexHour", "'i(Im,dtm)', IndexMinute",
        "'i(Is,dts)', IndexSecond", "'i(Ims,dtms)', IndexMillisecond", "'i(Ius,dtus)', IndexMicrosecond",
        "'i(Ins,dtns)', IndexNanosecond", "'i(I,tdD)', Index", "'i(IH,(int,int))', IndexHierarchy"
    })
    void makesEveryIndexClass(String index, String indexClass) throws Exception {
        try (Frame frame = FrameFixture.parse("s(3,2)|" + index).frame(allocator)) {
            assertThat(frame.index().indexClass()).hasToString(indexClass);
        }
        String growOnly = index.replaceAll("^i\\((I\\w*)", "c($1g");
        try (Frame frame = FrameFixture.parse("s(3,2)|f(Fg)|" + growOnly).frame(allocator)) {
            assertThat(frame.columns().indexClass()).hasToString(indexClass + "GO");
        }
    }

    @Test
    void levelClassesOfAHierarchyFollowTheDtypes() throws Exception {
        try (Frame frame = FrameFixture.parse("s(8,8)|f(Fg)|i(IH,(dtD,str,dtns))|c((IDg,Ig),(dtD,int))")
                .frame(allocator)) {
            assertThat(frame.index().levelClasses())
                    .map(Object::toString)
                    .containsExactly("IndexDate", "Index", "IndexNanosecond");
            assertThat(frame.columns().indexClass()).hasToString("IndexHierarchyGO");
            assertThat(frame.columns().levelClasses()).map(Object::toString).containsExactly("IndexDateGO", "IndexGO");
        }
    }

    @Test
    void fourLevelsRepeatSixFourTwoAndOneTimes() throws Exception {
        try (Frame frame = FrameFixture.parse("s(2,6)|c(IH,(str,dtD,int,int))").frame(allocator)) {
            assertThat(frame.columns().label(0).text())
                    .isEqualTo("('zZbu', np.datetime64('2258-03-21'), 58768, -97851)");
            assertThat(frame.columns().label(4).text()).contains("zZbu", "2298-04-20", "170440", "-157437");
            assertThat(frame.columns().label(5).text()).contains("170440", "35684");
        }
    }

    @Test
    void automaticColumnsOfAGrowOnlyFrameAreGrowOnly() throws Exception {
        try (Frame frame = FrameFixture.parse("s(2,2)|f(Fg)").frame(allocator)) {
            assertThat(frame.columns().isAuto()).isTrue();
            assertThat(frame.columns().indexClass()).hasToString("IndexGO");
        }
    }

    @Test
    void coarserClassesRoundLabelsDown() throws Exception {
        try (Frame frame = FrameFixture.parse("s(2,1)|i(IY,dtD)").frame(allocator, STORAGE)) {
            assertThat(NumpyColumns.values(frame.root().getVector(0)))
                    .hasToString("[{\"$dt\":[\"Y\",95]},{\"$dt\":[\"Y\",9]}]");
        }
    }

    @Test
    void objectsAreUnionsOfFiveTypes() throws Exception {
        try (Frame frame = FrameFixture.parse("s(16,3)|v(str,bool,object)").frame(allocator)) {
            FieldVector column = frame.root().getVector("2");
            assertThat(column).isInstanceOf(DenseUnionVector.class);
            assertThat(NumpyColumns.values(column).toString()).startsWith("[true,false,105269,119909,194224,-2981.64");
        }
    }

    @Test
    void tuplesAreStructs() throws Exception {
        try (Frame frame = FrameFixture.parse("s(2,1)|v((int,str,dtD,object))|i(I,(int,str))")
                .frame(allocator)) {
            List<FieldVector> vectors = frame.root().getFieldVectors();
            assertThat(vectors).allMatch(StructVector.class::isInstance);
            assertThat(frame.root().getVector(0).getObject(0)).hasToString("{\"0\":34715,\"1\":\"zZbu\"}");
            ArrayNode ints = NumpyColumns.values(
                    ((StructVector) vectors.get(1)).getChildrenFromFields().get(0));
            assertThat(ints).hasToString("[-88017,92867]");
        }
    }

    @Test
    void objectsSurviveAFile() throws Exception {
        FrameFixture fixture = FrameFixture.parse("s(40,6)|v(object,int,(int,object))|i(I,object)|c(I,str)");
        Path file = directory.resolve("objects.npz");
        fixture.write(file, WriteOptions.defaults());
        try (Frame made = fixture.frame(allocator);
                Frame read = Frames.open(allocator, file)) {
            assertThat(read.root().contentToTSVString()).isEqualTo(made.root().contentToTSVString());
            assertThat(read.index().indexClass()).isEqualTo(made.index().indexClass());
        }
    }

    @Test
    void halvesAreTheNearest() {
        for (int i = 1; i <= SourceValues.COUNT; i++) {
            double exact = SourceValues.real(i);
            short bits = Float16.toFloat16((float) exact);
            double error = Math.abs(Float16.toFloat(bits) - exact);
            double above = Math.abs(Float16.toFloat((short) (bits + 1)) - exact);
            double below = Math.abs(Float16.toFloat((short) (bits - 1)) - exact);
            boolean even = (bits & 1) == 0;
            assertThat(exact == 0 || (even ? error <= above && error <= below : error < above && error < below))
                    .isTrue();
        }
    }

    @Test
    void columnsHaveMemoryOfTheirOwn() throws Exception {
        try (Frame frame = FrameFixture.parse("s(5,2)|v(int)").frame(allocator)) {
            long first = frame.root().getVector(0).getDataBuffer().getLong(0);
            frame.root().getVector(1).getDataBuffer().setLong(0, 1);
            assertThat(frame.root().getVector(0).getDataBuffer().getLong(0)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "bool", "str", "object", "(int,str)", "float,int"})
    void anAllocatorThatIsTooSmallIsALimit(String dtype) {
        FrameFixture fixture = FrameFixture.parse("s(1000,40)|v(" + dtype + ")|i(I,int)");
        for (long limit : new long[] {0, 1 << 10, 1 << 14, 1 << 16}) {
            try (BufferAllocator small = allocator.newChildAllocator("small", 0, limit)) {
                assertThatThrownBy(() -> fixture.frame(small)).isInstanceOf(LimitExceededException.class);
                assertThat(small.getAllocatedMemory()).isZero();
            }
        }
    }
}
