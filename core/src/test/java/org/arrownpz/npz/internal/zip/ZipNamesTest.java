package org.arrownpz.npz.internal.zip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.arrownpz.testing.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of members. */
@ExtendWith(LeakCheck.class)
class ZipNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".npy | empty key",
                "a\u0000b | NUL",
                "a\u0085b | control",
                "a\\b | backslash",
                "/a | absolute",
                "C:a | drive",
                "z: | drive",
                ".. | '..'",
                "a/.. | '..'",
                "../a | '..'",
                "a/../b | '..'",
            })
    void namesSayWhyTheyAreRefused(String name, String words) {
        assertThat(MemberNames.fault(name)).contains(words);
    }

    @Test
    void emptyNamesAreRefused() {
        assertThat(MemberNames.fault("")).contains("empty key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "ab", "abc", "1:a", "[:", "`:", "{:", "@:", "é:", ":", "a:", "...", "a/...", "..a", "a..", "~"
            })
    void otherNamesPass(String name) {
        boolean drive = name.equals("a:");
        assertThat(MemberNames.fault(name) != null).isEqualTo(drive);
    }

    @Test
    void keysLackTheEnding() {
        assertThat(MemberNames.key("a.npy")).isEqualTo("a");
        assertThat(MemberNames.key("npy")).isEqualTo("npy");
    }

    @Test
    void codePage437HasTheCharactersOfTheStandard() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        String text = MemberNames.decode(all, 0, 256, false);
        assertThat(text.substring(32, 127)).isEqualTo(new String(all, 32, 95, StandardCharsets.US_ASCII));
        assertThat(text.substring(128, 136)).isEqualTo("Çüéâäàåç");
        assertThat(text.substring(0xe0, 0xe4)).isEqualTo("αßΓπ");
        assertThat(text.charAt(255)).isEqualTo('\u00a0');
        assertThat(MemberNames.decode(all, 65, 2, false)).isEqualTo("AB");
    }
}
