package org.arrownpz.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.internal.python.PyText;
import org.arrownpz.internal.python.PyValue;
import org.arrownpz.testing.Python;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strings that spell types, or nearly so, read by this library and by NumPy 2: the same are taken, with the same meaning.
 * Runs where {@code python3} has NumPy.
 */
class NumpyDescrsTest {
    private static final String[] ORDERS = {"", "", "", "<", ">", "=", "|", "<<", " "};
    private static final String[] NAMES = (String.join(
                    " ",
                    "bool bool_ int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64",
                    "float128 float96 complex64 complex128 complex256 byte ubyte short ushort intc uintc int",
                    "int_ uint intp uintp long ulong longlong ulonglong half single double longdouble float",
                    "complex csingle cdouble clongdouble bytes bytes_ str str_ unicode string void object",
                    "object_ datetime64 timedelta64 datetime64[ns] timedelta64[D] datetime64[25s] bfloat16",
                    "generic number integer Int64 pointer object0 int0 uint0 void0 bytes0 str0 a b c d e f g",
                    "h i j k l m n o p q r s t u v w x y z A B C D E F G H I J K L M N O P Q R S T U V W X Y",
                    "Z ? a3 S5 U3 V4 b1 i1 i2 i4 i8 u4 f2 f4 f8 f16 c8 c16 c32 M8 m8 M8[D] m8[us]"))
            .split(" ");
    private static final String[] KINDS = {
        "b", "i", "u", "f", "c", "S", "a", "U", "V", "O", "T", "M", "m", "?", "B", "x", "q", "I"
    };
    private static final String[] SIZES = {
        "",
        "0",
        "1",
        "2",
        "3",
        "4",
        "8",
        "16",
        "32",
        "12",
        "04",
        "+4",
        "-4",
        " 4",
        "\t8",
        "4 ",
        "00",
        "2147483647",
        "2147483648",
        "536870911",
        "536870912",
        "99999999999999999999",
        "-0",
        "+",
        " ",
        "4x",
        "1_0",
        "4.0",
        "٤"
    };
    private static final String[] BASES = {
        "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic", "μs", "µs", "B", "S", ""
    };
    private static final String[] FACTORS = {
        "", "", "", "1", "2", "25", "007", "+3", " 5", "5 ", "-1", "2147483647", "2147483648", "10"
    };
    private static final String[] DIVISORS = {
        "",
        "",
        "",
        "/1",
        "/2",
        "/5",
        "/7",
        "/12",
        "/52",
        "/365",
        "/4",
        "/30",
        "/24",
        "/60",
        "/1000",
        "/1000000",
        "/3",
        "/ 5",
        "/+5",
        "/5 ",
        "/",
        "/x",
        "/1001",
        "/2/5",
        "/168",
        "/86400",
        "/720"
    };
    private static final String[] COUNTS = {
        "",
        "",
        "",
        "2",
        "3",
        "0",
        "1",
        "(2,)",
        "(2,3)",
        "(2, 3,)",
        "()",
        "( )",
        "(2)",
        "2,3",
        "2 ",
        " 2",
        "(1,)",
        "(0,)",
        "(2,0)",
        "( 2 , 3 )",
        "(2,)2",
        "02",
        "(",
        ")",
        "(,)",
        ",",
        " ",
        "4294967296",
        "2 3",
        "(2,)(3,)",
        "1000000000"
    };
    private static final String[] COMMAS = {",", ",", ", ", " ,", "\t,\n", ",,", ";", " ", "\u00a0,\u2003", ", ,"};
    private static final String ALPHABET = "<>=|?abcdefghilmnpquABCDFGHILMNOPQSTUVY0123456789 (),[]/+-._:é\t";

    /** Units of no or negative length. */
    private static final Pattern NO_LENGTH = Pattern.compile("(?s).*[Mm]8\\[(0|-).*");
    /** Units whose length is computed with 32 bits, whatever comes of it. */
    private static final Pattern OVERFLOW = Pattern.compile("(?s).*\\d{7,}[a-zA-Zµμ]+/.*");
    /** A part, by one, of the unit that is none. */
    private static final Pattern GENERIC_PART = Pattern.compile("(?s).*generic/.*");
    /** Characters whose codes are the numbers of NumPy's types, and counts with needless zeros. */
    private static final Pattern ODD = Pattern.compile("(?s)[<>=|]?[\\x00-\\x1f]|.*\\b00+.*");
    /** Sub-arrays of elements without bytes, for which nothing is read from a file. */
    private static final Pattern NO_BYTES = Pattern.compile("(?s).*([SUV]0'|0[,)][^']*\\)), \\(.*");
    /** Sub-arrays without elements, of an element so wide that the product is computed beyond 32 bits before it is nothing. */
    private static final Pattern WIDE_NOTHING = Pattern.compile("(?s).*[SUV]\\d{9,}.*\\(.*\\b0[,)].*");
    /** A last item that is a byte order alone, which NumPy leaves out. */
    private static final Pattern ORDER_LAST = Pattern.compile("(?s).*,\\s*[<=|]\\s*");
    /** A byte of any float8: NumPy refuses what ml_dtypes writes, this library reads it as bytes. */
    private static final Pattern FLOAT8 = Pattern.compile("(?s).*f1.*");
    /** What ends the process: NumPy divides by zero. */
    private static final Pattern DEADLY = Pattern.compile("(?s).*/\\s*[+-]?0+([^1-9].*|)");

    @TempDir
    private Path directory;

    private final Random random = new Random(20_261_122);

    @Test
    void readsTheStringsThatNumpyReads() throws Exception {
        compare(6_000);
    }

    @Test
    @Tag("soak")
    void readsTheStringsThatNumpyReadsInMany() throws Exception {
        compare(400_000);
    }

    private void compare(int count) throws Exception {
        List<String> spellings = new ArrayList<>(List.of(NAMES));
        while (spellings.size() < count) {
            String spelling = spelling();
            if (!DEADLY.matcher(spelling).matches()) {
                spellings.add(spelling);
            }
        }
        Process numpy = Python.startNumpy(directory, "/dtype/numpy_descrs.py");
        if (numpy == null) {
            return;
        }
        ObjectMapper json = new ObjectMapper();
        try (OutputStream questions = numpy.getOutputStream()) {
            questions.write(json.writeValueAsBytes(spellings));
        }
        JsonNode answer = json.readTree(numpy.getInputStream());
        if (answer.get("version").asInt() != 2) {
            return;
        }
        List<String> differences = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < count; i++) {
            JsonNode node = answer.get("descrs").get(i);
            String theirs = node.isNull() ? null : node.asText();
            String ours = descr(spellings.get(i));
            boolean known = theirs != null
                    && ours == null
                    && (NO_LENGTH.matcher(theirs).matches()
                            || OVERFLOW.matcher(spellings.get(i)).matches()
                            || WIDE_NOTHING.matcher(theirs).matches()
                            || GENERIC_PART.matcher(spellings.get(i)).matches()
                            || ORDER_LAST.matcher(spellings.get(i)).matches()
                            || ODD.matcher(spellings.get(i)).matches());
            known |= theirs == null
                    && ours != null
                    && (NO_BYTES.matcher(ours).matches()
                            || FLOAT8.matcher(spellings.get(i)).matches() && ours.contains("V1"));
            // Objects are refused by whatever name.
            boolean same = "object".equals(ours) || ours == null
                    ? theirs == null || theirs.equals("object")
                    : ours.equals(theirs);
            if (!same && !known) {
                differences.add(PyText.repr(spellings.get(i)) + ": " + ours + ", NumPy: " + theirs);
            }
            taken += ours == null ? 0 : 1;
        }
        assertThat(differences.subList(0, Math.min(20, differences.size()))).isEmpty();
        assertThat(taken).isBetween(count / 8, count - count / 8);
    }

    private static @Nullable String descr(String spelling) {
        PyValue field = new PyValue.Tuple(List.of(new PyValue.Text("a", false), new PyValue.Text(spelling, false)));
        try {
            return DescrParser.parse(
                            new PyValue.Sequence(List.of(field)), ReadLimits.defaults(), Location.ofFile(null), -1)
                    .descr();
        } catch (NpzException e) {
            return e.code() == ErrorCode.OBJECT_DTYPE ? "object" : null;
        }
    }

    private String spelling() {
        String text = items();
        for (int edits = random.nextInt(4) - 2; edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            String insert = random.nextBoolean() ? "" + ALPHABET.charAt(random.nextInt(ALPHABET.length())) : "";
            text = text.substring(0, at) + insert + text.substring(Math.min(text.length(), at + random.nextInt(2)));
        }
        return text;
    }

    private String items() {
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : any(COMMAS)).append(item());
        }
        return text + (random.nextInt(30) == 0 ? any(COMMAS) : "");
    }

    private String item() {
        String type = switch (random.nextInt(4)) {
            case 0 -> any(NAMES);
            case 1 ->
                any("M8", "m8", "datetime64", "timedelta64", "M4", "M") + "[" + any(FACTORS) + any(BASES)
                        + any(DIVISORS) + any("]", "]", "]", "]", "", "]]", "] ");
            default -> any(KINDS) + any(SIZES);
        };
        String counted = random.nextInt(3) == 0 ? any(COUNTS) + any(ORDERS) : "";
        return any(ORDERS) + counted + type;
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
