package org.arrownpz.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.NpzException;
import org.arrownpz.ReadOptions;
import org.arrownpz.ReadOptions.Verify;
import org.arrownpz.ReadOptions.ZipLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One small frame in many zip containers, good and damaged. */
class GoldenZipTest {
    private static final Map<String, ErrorCode> REFUSED = Map.of(
            "prefix_absolute.npz", ErrorCode.ZIP_STRUCTURE,
            "duplicate_names.npz", ErrorCode.ZIP_DUPLICATE,
            "bad_crc.npz", ErrorCode.ZIP_CRC,
            "bad_data_short.npz", ErrorCode.DATA_TRUNCATED,
            "bad_truncated_end.npz", ErrorCode.ZIP_STRUCTURE,
            "bad_truncated_half.npz", ErrorCode.ZIP_STRUCTURE,
            "bad_count.npz", ErrorCode.ZIP_STRUCTURE,
            "bad_encrypted_flag.npz", ErrorCode.ZIP_ENCRYPTED,
            "bad_local_name.npz", ErrorCode.ZIP_LOCAL_CENTRAL);

    static String[] files() {
        return Corpus.json("golden/zip/index.json")
                .path("files")
                .findValuesAsText("file")
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("files")
    void isReadOrRefusedAsStated(String file) throws Exception {
        ErrorCode code = REFUSED.get(file);
        if (code == null) {
            readAll(file, ZipLayout.STRICT);
        } else {
            assertThatThrownBy(() -> readAll(file, ZipLayout.STRICT))
                    .isInstanceOf(NpzException.class)
                    .extracting(fault -> ((NpzException) fault).code())
                    .isEqualTo(code);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void tolerantLayoutAdmitsThePrefixOnly(String file) throws Exception {
        if (!REFUSED.containsKey(file) || file.equals("prefix_absolute.npz")) {
            readAll(file, ZipLayout.TOLERANT);
        } else {
            assertThatThrownBy(() -> readAll(file, ZipLayout.TOLERANT)).isInstanceOf(NpzException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad_truncated_end.npz", "bad_truncated_half.npz"})
    void tellsThatATruncatedArchiveIsNotComplete(String file) {
        assertThatThrownBy(() -> readAll(file, ZipLayout.STRICT)).hasMessageContaining("was its writer killed?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix_absolute.npz"})
    void namesTheTolerantLayoutAsTheRemedy(String file) {
        assertThatThrownBy(() -> readAll(file, ZipLayout.STRICT))
                .hasMessageContaining("ZipLayout.TOLERANT")
                .hasMessageContaining("arrow-npz align --tolerant");
    }

    private static void readAll(String file, ZipLayout layout) throws Exception {
        JsonNode facts = Corpus.json("golden/zip/" + file + ".json");
        ReadOptions options = ReadOptions.defaults().withVerify(Verify.CRC).withZipLayout(layout);
        try (BufferAllocator allocator = new RootAllocator();
                NpzFile npz = NpzFile.open(allocator, Corpus.path("golden/zip/" + file), options)) {
            for (JsonNode place : facts.path("payload_offsets")) {
                assertThat(npz.payloadOffset(place.path(0).textValue()))
                        .isEqualTo(place.path(1).longValue());
            }
            for (String name : npz.names()) {
                if (name.startsWith("__") && name.endsWith(".npy")) {
                    assertThat(npz.array(name).header().shape().dimensions()).isPositive();
                }
            }
            assertThat(npz.bytes("__meta__.json", 1 << 20)).isNotEmpty();
        }
    }
}
