package org.arrownpz.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.arrownpz.WriteOptions;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples and the coverage of {@code docs/format.md} are what is written and what there is:
 * {@code mvn -pl core test -Dtest=FormatDocumentTest -Darrownpz.regenerate=true} rewrites them.
 */
@ExtendWith(LeakCheck.class)
class FormatDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "format.md");
    private static final Path MANIFEST = Path.of("..", "samples", "conformance", "manifest.jsonl");
    private static final int LONGEST = 250;

    @TempDir
    Path directory;

    @Test
    void examplesAreWhatIsWritten(BufferAllocator allocator) throws Exception {
        StringBuilder text = new StringBuilder();
        Path numbers = directory.resolve("numbers.npz");
        try (IntVector column = new IntVector("a", allocator)) {
            column.allocateNew(3);
            column.setSafe(0, 7);
            column.setNull(1);
            column.setSafe(2, 9);
            column.setValueCount(3);
            write(numbers, VectorSchemaRoot.of(column));
        }
        text.append(
                "**A number that is null.** The column `a` of Int32 holds 7, null, 9. The block with its local header,"
                        + " whose extra fields\nare zip64 and padding; the bitmap, 101 in binary; the metadata.\n\n```\n");
        try (NpzFile file = NpzFile.open(allocator, numbers)) {
            dump(text, numbers, local(file, "__blocks_0__.npy"), end(file, "__blocks_0__.npy"));
            dump(text, numbers, file.payloadOffset("__arrow_0_0__.npy") + 64, end(file, "__arrow_0_0__.npy"));
        }
        text.append("```\n").append(metadata(allocator, numbers));

        Path lists = directory.resolve("lists.npz");
        try (ListVector column = ListVector.empty("l", allocator)) {
            UnionListWriter writer = column.getWriter();
            for (long[] row : new long[][] {{10, 11}, {}, {12}}) {
                writer.startList();
                for (long value : row) {
                    writer.writeBigInt(value);
                }
                writer.endList();
            }
            column.setValueCount(3);
            assertThat(column.getDataVector()).isInstanceOf(BigIntVector.class);
            write(lists, VectorSchemaRoot.of(column));
        }
        text.append("\n**A list.** The column `l` of List\\<Int64\\> holds [10, 11], [], [12]: the schema message, the"
                + " offsets and the values, each\nbehind its header of 64 bytes.\n\n```\n");
        try (NpzFile file = NpzFile.open(allocator, lists)) {
            for (String member : List.of("__arrow_schema__.npy", "__arrow_0_1__.npy", "__arrow_0_3__.npy")) {
                dump(
                        text,
                        lists,
                        file.array(member).header().dataOffset() + file.payloadOffset(member),
                        end(file, member));
            }
        }
        text.append("```\n").append(metadata(allocator, lists));
        check("examples", text.toString());
    }

    @Test
    void everyRuleIsCoveredByConformanceFiles() throws Exception {
        String document = Files.readString(DOCUMENT);
        Map<String, StringBuilder[]> files = new LinkedHashMap<>();
        Matcher rules = Pattern.compile("\\*\\*\\[([a-z0-9 ]+)]\\*\\*").matcher(document);
        while (rules.find()) {
            files.put(rules.group(1), new StringBuilder[] {new StringBuilder(), new StringBuilder()});
        }
        for (String line : Files.readAllLines(MANIFEST)) {
            JsonNode row = new ObjectMapper().readTree(line);
            assertThat(files)
                    .as("rules of the document")
                    .containsKey(row.get("rule").asText());
            StringBuilder names = files.get(row.get("rule").asText())[row.has("code") ? 1 : 0];
            String name = row.get("file").asText().replace(".npz", "").replaceFirst("^bad-", "");
            names.append(names.isEmpty() ? "" : ", ").append(name);
        }
        TreeSet<String> uncovered = new TreeSet<>();
        StringBuilder text = new StringBuilder("| rule | shown by | broken by `bad-…` |\n| --- | --- | --- |\n");
        files.forEach((rule, names) -> {
            if (names[0].isEmpty() && names[1].isEmpty()) {
                uncovered.add(rule);
            }
            text.append("| ")
                    .append(rule)
                    .append(" | ")
                    .append(names[0])
                    .append(" | ")
                    .append(names[1])
                    .append(" |\n");
        });
        assertThat(uncovered).isEmpty();
        check("coverage", text.toString());
        assertThat(Files.readAllLines(DOCUMENT)).hasSizeLessThanOrEqualTo(LONGEST);
    }

    private static void write(Path target, VectorSchemaRoot root) throws Exception {
        try (Frame frame = Frame.of(root)) {
            Frames.write(frame, target, WriteOptions.defaults());
        }
    }

    private static long local(NpzFile file, String member) throws Exception {
        // The header's fixed part, the name, the zip64 field and the padding up to a multiple of 64.
        long before = 0;
        for (String name : file.names()) {
            if (!name.equals(member) && file.payloadOffset(name) < file.payloadOffset(member)) {
                before = Math.max(before, end(file, name));
            }
        }
        return before;
    }

    private static long end(NpzFile file, String member) throws Exception {
        return file.payloadOffset(member) + file.entry(member).size();
    }

    private static String metadata(BufferAllocator allocator, Path path) throws Exception {
        try (NpzFile file = NpzFile.open(allocator, path)) {
            String json = new String(file.bytes("__meta__.json", 10_000), StandardCharsets.US_ASCII);
            return "```json\n" + json.replace(", \"__arrow__\"", ",\n \"__arrow__\"") + "\n```\n";
        }
    }

    private static void dump(StringBuilder text, Path path, long from, long to) throws Exception {
        byte[] bytes = Files.readAllBytes(path);
        for (long at = from; at < to; at += 32) {
            text.append(String.format("%04x ", at));
            StringBuilder plain = new StringBuilder();
            for (long i = at; i < Math.min(at + 32, to); i++) {
                int value = bytes[(int) i] & 0xFF;
                text.append((i - at) % 4 == 0 ? " " : "").append(String.format("%02x", value));
                plain.append(value > ' ' && value < 0x7F ? (char) value : '.');
            }
            text.append(plain.length() < 32 ? "  " : " ").append(plain).append('\n');
        }
    }

    private static void check(String part, String text) throws Exception {
        String document = Files.readString(DOCUMENT);
        String begin = "<!-- " + part + " -->\n";
        String end = "<!-- end of " + part + " -->";
        int from = document.indexOf(begin) + begin.length();
        int to = document.indexOf(end);
        if (Boolean.getBoolean("arrownpz.regenerate")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + text + document.substring(to));
        }
        String found = Files.readString(DOCUMENT);
        assertThat(found.substring(found.indexOf(begin) + begin.length(), found.indexOf(end)))
                .as("docs/format.md is stale: run this test with -Darrownpz.regenerate=true")
                .isEqualTo(text);
    }
}
