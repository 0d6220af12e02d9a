package org.arrownpz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.array.Npy;
import org.arrownpz.array.Npz;
import org.arrownpz.array.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that are no table: archives, safetensors files, directories of NPY files. */
class ArraysTest {
    @TempDir
    Path directory;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = directory.resolve("model.npz");
        Npz.save(model, model(1));
    }

    private static Map<String, Object> model(double first) {
        Map<String, Object> arrays = new LinkedHashMap<>();
        arrays.put("w1", new double[][] {{first, -2, 0.5}, {Double.NaN, 3, Double.POSITIVE_INFINITY}});
        arrays.put("b1", new float[] {0.25f, 0.5f});
        arrays.put("steps", 7L);
        return arrays;
    }

    /** The same arrays in a file of that form. */
    private Path as(String form) throws IOException {
        Path target = directory.resolve(form);
        switch (form) {
            case "model.safetensors" -> Safetensors.save(target, model(1));
            case "model" -> {
                Files.createDirectories(target);
                for (Map.Entry<String, Object> array : model(1).entrySet()) {
                    Npy.save(target.resolve(array.getKey() + ".npy"), array.getValue());
                }
            }
            default -> target = model;
        }
        return target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.npz", "model.safetensors", "model"})
    void headShowsEachArrayAsNumpyPrintsIt(String form) throws IOException {
        Path file = as(form);
        Cli people = Cli.onTerminal("head", file);
        assertThat(people.code()).as(people.err()).isZero();
        assertThat(people.out())
                .contains("w1  <f8  (2, 3)  C\n[[ 1.  -2.   0.5]\n [ nan  3.   inf]]\n")
                .contains("b1  <f4  (2,)  C\n[0.25 0.5 ]\n")
                .contains("steps  <i8  ()  C\n7\n");
        List<JsonNode> lines = Cli.run("head", file).lines();
        assertThat(lines).extracting(line -> line.get("array").asText()).containsExactlyInAnyOrder("w1", "b1", "steps");
        JsonNode bias = lines.stream()
                .filter(line -> line.get("array").asText().equals("b1"))
                .findFirst()
                .orElseThrow();
        assertThat(bias)
                .hasToString(
                        "{\"array\":\"b1\",\"dtype\":\"<f4\",\"shape\":[2],\"order\":\"C\",\"values\":\"[0.25 0.5 ]\"}");
        assertThat(Cli.onTerminal("tail", "-n", 1, file).out())
                .contains("[[nan  3. inf]]")
                .contains("[0.5]");
        List<JsonNode> chosen = Cli.run("head", "-n", 1, "-c", "w1,steps", file).lines();
        assertThat(chosen.get(0).get("values").asText()).isEqualTo("[[ 1.  -2.   0.5]]");
        assertThat(chosen).hasSize(2);
    }

    @Test
    void statsAndSchemaTellOfEachArray() {
        JsonNode weights = Cli.run("stats", model).lines().get(0);
        assertThat(weights.get("count").asInt()).isEqualTo(5);
        assertThat(weights.get("nan").asInt()).isEqualTo(1);
        assertThat(weights.get("infinities").asInt()).isEqualTo(1);
        assertThat(weights.get("min").asDouble()).isEqualTo(-2);
        JsonNode bias = Cli.run("stats", model).lines().get(1);
        assertThat(bias.get("mean").asDouble()).isEqualTo(0.375);
        assertThat(bias.get("norm").asDouble()).isEqualTo(Math.sqrt(0.3125));
        assertThat(Cli.onTerminal("stats", model).out()).contains("norm", "w1", "0.559", "3 arrays");
        assertThat(Cli.run("schema", model).out())
                .isEqualTo("w1  <f8  (2, 3)  C\nb1  <f4  (2,)  C\nsteps  <i8  ()  C\n");
        assertThat(Cli.run("schema", "--json", model)
                        .lines()
                        .get(2)
                        .get("dtype")
                        .asText())
                .isEqualTo("<i8");
        assertThat(Cli.run("cat", model).err()).contains("FRAME_SHAPE").contains("--array NAME");
    }

    @Test
    void statsMeasureTheNumbersOfVectors() throws IOException {
        Path file = directory.resolve("cube.npy");
        Npy.save(file, new double[][][] {{{3, 4}}, {{0, Double.NaN}}});
        JsonNode column = Cli.run("stats", file).lines().get(0);
        assertThat(column.get("column").asText()).isEqualTo("cube");
        assertThat(column.get("norm").asDouble()).isEqualTo(5);
        assertThat(column.get("nan").asInt()).isEqualTo(1);
        assertThat(column.get("max").asDouble()).isEqualTo(4);
        assertThat(Cli.onTerminal("stats", file).out()).contains("2.33");
    }

    @Test
    void diffFindsWhatIsMissingOrOtherwise() throws IOException {
        Path other = directory.resolve("other.npz");
        Map<String, Object> arrays = model(1.5);
        arrays.remove("b1");
        arrays.put("steps", 7);
        arrays.put("extra", new int[] {1});
        Npz.save(other, arrays);
        Cli run = Cli.run("diff", model, other);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines())
                .containsExactly(
                        "{\"what\":\"values\",\"array\":\"w1\",\"a\":\"1.\",\"b\":\"1.5\",\"elements\":1,\"first\":[0,0],"
                                + "\"absolute\":0.5,\"relative\":0.3333333333333333}",
                        "{\"what\":\"arrays\",\"array\":\"b1\",\"a\":\"present\",\"b\":null}",
                        "{\"what\":\"dtype\",\"array\":\"steps\",\"a\":\"<i8\",\"b\":\"<i4\"}",
                        "{\"what\":\"arrays\",\"array\":\"extra\",\"a\":null,\"b\":\"present\"}");
        assertThat(Cli.onTerminal("diff", model + ":w1", other + ":w1").out())
                .isEqualTo("values of w1: 1 element differs, by 0.5 at most, relative 0.333\n  (0, 0): 1. | 1.5\n");
        assertThat(Cli.run("diff", "--tolerance", "0.5", model + ":w1", other + ":w1")
                        .code())
                .isZero();
        assertThat(Cli.run("diff", "--rtol", "0.34", model + ":w1", other + ":w1")
                        .code())
                .isZero();
        assertThat(Cli.run("diff", "--rtol", "0.33", model + ":w1", other + ":w1")
                        .code())
                .isEqualTo(1);
        assertThat(Cli.run("diff", "--nan-differs", model, model).lines().get(0).get("first"))
                .hasToString("[1,0]");
        assertThat(Cli.run("diff", "--rtol", "-1", model, other).code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "model"})
    void formsOfTheSameArraysDoNotDiffer(String form) throws IOException {
        Cli run = Cli.run("diff", model, as(form));
        assertThat(run.out() + run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.npz", "model.safetensors", "model"})
    void oneArrayHasAnAddress(String form) throws IOException {
        Path file = as(form);
        String bias = file + ":b1";
        assertThat(Cli.run("head", bias).out()).isEqualTo("{\"b1\":0.25}\n{\"b1\":0.5}\n");
        assertThat(Cli.run("tail", "-n", 1, bias).out()).isEqualTo("{\"b1\":0.5}\n");
        assertThat(Cli.run("cat", bias).out()).isEqualTo("{\"b1\":0.25}\n{\"b1\":0.5}\n");
        assertThat(Cli.run("schema", bias).out()).startsWith("b1: FloatingPoint(SINGLE)");
        assertThat(Cli.run("stats", bias).lines().get(0).get("column").asText()).isEqualTo("b1");
        assertThat(Cli.run("info", "--json", bias).out()).contains("\"dtype\":\"<f4\",\"shape\":[2]");
        assertThat(Cli.run("verify", bias).lines().get(0).get("ok").asBoolean()).isTrue();
        Path copy = directory.resolve("copy.npy");
        assertThat(Cli.run("convert", bias, copy).err()).isEmpty();
        assertThat(new String(Files.readAllBytes(copy), StandardCharsets.ISO_8859_1))
                .contains("'descr': '<f4'")
                .contains("(2,)");
        assertThat(Cli.run("diff", bias, copy).code()).isZero();
        Cli wrong = Cli.run("head", file + ":b2");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("there is no array 'b2'").contains("did you mean 'b1'");
    }

    @Test
    void aFileThatIsCalledAsAnAddressComesFirst() throws IOException {
        Path odd = directory.resolve("model.npz:b1");
        Npy.save(odd, new int[] {5});
        assertThat(Cli.run("cat", odd).out()).contains("5");
        assertThat(Cli.run("head", "--array", "b1", model + ":w1").err()).contains("both choose an array");
    }

    @Test
    void headReadsCornersOfAHugeArrayAlone() throws IOException {
        Path huge = directory.resolve("huge");
        Files.createDirectories(huge);
        Npy.save(huge.resolve("small.npy"), new int[] {1, 2, 3});
        String header = "{'descr': '<f4', 'fortran_order': True, 'shape': (50000, 100, 1000)}";
        byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile file = new RandomAccessFile(huge.resolve("w.npy").toFile(), "rw")) {
            file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0});
            file.write(text);
            file.setLength(128 + 4L * 50_000 * 100 * 1000);
        }
        Cli run = Cli.run("head", huge, "--memory-limit", "1m");
        assertThat(run.err()).isEmpty();
        assertThat(run.lines().get(1).get("values").asText()).startsWith("[[[0. 0. 0. ... 0. 0. 0.]");
    }
}
