package org.arrownpz.spark.internal.read;

import org.arrownpz.NpzException;
import org.jspecify.annotations.Nullable;

/** Puts names of files into messages of core that had only bytes to look at. */
final class Faults {
    private Faults() {}

    /** The exception with its file, unless it has one. */
    static NpzException in(NpzException fault, @Nullable String file) {
        if (fault.file() != null || file == null) {
            return fault;
        }
        NpzException.Builder named =
                NpzException.of(fault.code(), fault.problem()).file(file).member(fault.member());
        if (fault.offset() >= 0) {
            named.at(fault.offset());
        }
        if (fault.expected() != null) {
            named.expected(fault.expected());
        }
        if (fault.found() != null) {
            named.found(fault.found());
        }
        if (fault.remedy() != null) {
            named.remedy(fault.remedy());
        }
        return named.cause(fault).build();
    }
}
