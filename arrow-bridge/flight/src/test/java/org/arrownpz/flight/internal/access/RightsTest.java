package org.arrownpz.flight.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders that a token may read and write. */
class RightsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "read      |''       |true|false",
                "read      |eu/desk  |true|false",
                "write     |eu/desk  |true|true",
                "read:*    |''       |true|false",
                "read:*    |eu       |false|false",
                "read:eu/* |eu       |true|false",
                "read:eu/* |eu/desk  |false|false",
                "read:eu/**|eu       |true|false",
                "read:eu/**|eu/desk/x|true|false",
                "read:eu/**|europe   |false|false",
                "read:eu/**|''       |false|false",
                "read,write:eu/**|us|true|false",
                "read,write:eu/**|eu|true|true",
                "write:*   |''       |true|true",
                "write:*   |eu       |false|false",
            })
    void reachesTheFoldersThatItNames(String rights, String folder, boolean reads, boolean writes) {
        Rights found = Rights.of(rights.strip());
        assertThat(found.reads(folder.strip())).isEqualTo(reads);
        assertThat(found.writes(folder.strip())).isEqualTo(writes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reads",
                "read:",
                "read:eu",
                "read:/eu/**",
                "read:eu//**",
                "read:e*/x",
                "read:/*",
                "read:/**",
                "read:***",
                "read,",
                ",",
                "write eu",
                "READ",
                "read:eu/***",
                "read:*/*",
            })
    void refusesWhatIsNoRight(String rights) {
        assertThatThrownBy(() -> Rights.of(rights)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesAllToThoseWhoAreNotAsked() {
        assertThat(Caller.current().rights().writes("any/folder")).isTrue();
    }
}
