package org.arrownpz.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.WriteOptions;
import org.arrownpz.frame.Frame;
import org.arrownpz.frame.Frames;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frame metadata that contradict themselves, their members or JSON. */
@ExtendWith(LeakCheck.class)
class MetadataAttackTest {
    private static final String META = "__meta__.json";

    @TempDir
    private static Path directory;

    private static Members good;

    @BeforeAll
    static void writesASoundArchive() throws Exception {
        Path path = directory.resolve("good.npz");
        try (BufferAllocator allocator = new RootAllocator();
                Zoo zoo = new Zoo(allocator)) {
            try (Frame frame = Frame.of(zoo.root(), zoo.dictionaries())) {
                Frames.write(frame, path, WriteOptions.defaults());
            }
            good = Members.read(allocator, path);
        }
        assertThat(good.text(META)).contains("\"__arrow__\"", "\"rows\"", "\"labels\"", "\"validity\"");
    }

    private static ErrorCode open(Members members, String what) throws Exception {
        Path path = directory.resolve("attack.npz");
        members.write(path);
        ErrorCode atStructure = Attack.outcome(path, Verify.STRUCTURE, what);
        assertThat(Attack.outcome(path, Verify.CONTENT, what)).as(what).isEqualTo(atStructure);
        return atStructure;
    }

    @Test
    void theUnchangedArchiveIsSound() throws Exception {
        assertThat(open(good, "unchanged")).isNull();
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"__arrow__\": | \"__arrow__\": {}, \"__arrow__\": | META_JSON",
                "\"rows\": ?11 | \"rows\": 11, \"rows\": 12 | META_JSON",
                "\"version\": ?1 | \"version\": 1, \"version\": 1 | META_JSON",
                "\"version\": ?1 | \"version\": 2 | META_SCHEMA",
                "\"version\": ?1 | \"version\": 1.0 | META_SCHEMA",
                "\"version\": ?1 | \"version\": true | META_SCHEMA",
                "\"version\": ?1 | \"version\": null | META_SCHEMA",
                "\"rows\": ?11 | \"rows\": 10 | FRAME_SHAPE,META_SCHEMA",
                "\"rows\": ?11 | \"rows\": 12 | FRAME_SHAPE,META_SCHEMA",
                "\"rows\": ?11 | \"rows\": -1 | META_SCHEMA",
                "\"rows\": ?11 | \"rows\": 99999999999999999999 | META_SCHEMA",
                "\"rows\": ?11 | \"rows\": 9223372036854775807 | FRAME_SHAPE,META_SCHEMA",
                "\"rows\": ?11 | \"rows\": 1e3 | META_SCHEMA",
                "\"rows\": ?11 | \"rows\": \"11\" | META_SCHEMA",
                "\"rows\": ?11 | \"row\": 11 | META_SCHEMA",
                "\"schema\": ?\"__arrow_schema__.npy\" | \"schema\": \"__blocks_0__.npy\" | META_SCHEMA",
                "\"schema\": ?\"__arrow_schema__.npy\" | \"schema\": null | META_SCHEMA",
                "\"labels\": ?1 | \"labels\": 2 | META_MISSING,META_SCHEMA",
                "\"labels\": ?1 | \"labels\": 0 | META_SCHEMA,FRAME_SHAPE,META_EXTRA",
                "\"labels\": ?1 | \"labels\": 1000000000 | META_SCHEMA,META_MISSING",
                "\"labels\": ?1 | \"labels\": -1 | META_SCHEMA",
                "\"columns\": ?\\[ | \"columns\": [{\"column\": 0, \"nodes\": [], \"buffers\": []}, | META_SCHEMA",
                "\"columns\": ?\\[ | \"columns\": [7, | META_SCHEMA",
                "\"columns\": ?\\[ | \"columns\": [{\"column\": 99, \"nodes\": [], \"buffers\": []}, | META_SCHEMA",
                "\"columns\": ?\\[ | \"columns\": [{\"column\": -1, \"nodes\": [], \"buffers\": []}, | META_SCHEMA",
                "\"columns\": ?\\[ | \"columns\": [{}, | META_SCHEMA",
                "\"columns\": ?\\[ | \"columnz\": [ | META_SCHEMA",
                "\"validity\": ?\"[a-z0-9_]*.npy\" | \"validity\": \"__arrow_schema__.npy\" | META_SCHEMA",
                "\"validity\": ?\"[a-z0-9_]*.npy\" | \"validity\": \"../../etc/passwd\" | META_SCHEMA",
                "\"validity\": ?\"[a-z0-9_]*.npy\" | \"validity\": [] | META_SCHEMA",
                "\"validity\": ?\"[a-z0-9_]*.npy\" | \"validity\": \"__arrow_98_0__.npy\" | META_MISSING",
                "\"dictionaries\": | \"index\": {}, \"dictionaries\": | META_SCHEMA",
                "\"dictionaries\": | \"index\": {\"class\": \"Index\", \"depth\": 1000000000}, \"dictionaries\": | META_SCHEMA",
                "\"dictionaries\": | \"index\": {\"class\": \"java.lang.Runtime\", \"depth\": 1}, \"dictionaries\": | META_SCHEMA",
                "\"dictionaries\": | \"index\": {\"class\": \"IndexHierarchy\", \"depth\": 900}, \"dictionaries\": | META_SCHEMA",
                "\"__depths__\": ?\\[[0-9]+, | \"__depths__\": [0, | META_EXTRA,META_SCHEMA,FRAME_SHAPE",
                "\"__depths__\": ?\\[[0-9]+, | \"__depths__\": [2147483647, | META_MISSING,META_SCHEMA",
                "\"__depths__\": ?\\[[0-9]+, | \"__depths__\": [1e999, | META_JSON",
                "\"__depths__\": ?\\[[0-9]+, | \"__depths__\": [NaN, | META_JSON",
                "\"__names__\": | \"__names__\": [null, null, null], \"__names__\": | META_JSON"
            })
    void refuses(String pattern, String replacement, String codes) throws Exception {
        String text = good.text(META);
        String changed =
                text.replaceFirst(pattern.strip(), java.util.regex.Matcher.quoteReplacement(replacement.strip()));
        assertThat(changed).as("the pattern %s is in %s", pattern, text).isNotEqualTo(text);

        ErrorCode code = open(good.with(META, changed), replacement);

        assertThat(code).as(changed).isNotNull();
        assertThat(codes.strip().split(",")).contains(String.valueOf(code));
    }

    @ParameterizedTest
    @CsvSource({"__arrow_schema__.npy", "__arrow_columns_0__.npy", "__values_columns_0__.npy", "__blocks_0__.npy"})
    void refusesAMissingMember(String name) throws Exception {
        assertThat(open(good.without(name), name))
                .isIn(ErrorCode.META_MISSING, ErrorCode.FRAME_SHAPE, ErrorCode.META_SCHEMA);
    }

    @ParameterizedTest
    @CsvSource({"__blocks_7__.npy", "__values_columns_1__.npy", "__values_index_0__.npy"})
    void refusesAnExtraMember(String name) throws Exception {
        assertThat(open(good.with(name, good.get("__blocks_0__.npy")), name))
                .isIn(ErrorCode.META_EXTRA, ErrorCode.FRAME_SHAPE, ErrorCode.META_SCHEMA);
    }

    @ParameterizedTest
    @CsvSource({"[,]", "'{\"a\":',}"})
    void refusesDeepNestingWithoutUsingUpTheStack(String open, String close) throws Exception {
        String deep = open.repeat(50_000) + "0" + close.repeat(50_000);
        String changed = good.text(META).replaceFirst("\"__arrow__\":", "\"x\": " + deep + ", \"__arrow__\":");

        assertThat(open(good.with(META, changed), "deep")).isEqualTo(ErrorCode.META_JSON);
    }

    @Test
    void survivesEveryCutAndEveryChangedCharacter() throws Exception {
        byte[] json = good.get(META);
        Random random = new Random(2);
        byte[] alphabet = "0123456789{}[]\",:-eE.\\ntfu\u0000".getBytes(StandardCharsets.ISO_8859_1);
        Path path = directory.resolve("attack.npz");
        for (int i = 0; i < 600; i++) {
            byte[] changed = i % 5 == 0 ? java.util.Arrays.copyOf(json, random.nextInt(json.length)) : json.clone();
            if (i % 5 != 0) {
                changed[random.nextInt(json.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            good.with(META, changed).write(path);
            Attack.outcome(path, Verify.CONTENT, new String(changed, StandardCharsets.ISO_8859_1));
        }
    }
}
