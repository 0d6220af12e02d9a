package org.arrownpz.ipc.internal.read;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.arrownpz.vector.CopyReport;
import org.jspecify.annotations.Nullable;

/** Bytes viewed and copied by column, from which a report is made when somebody asks. Used by one thread. */
public final class CopyTally {
    /** Why bytes were copied; the last one that applies is told. */
    enum Reason {
        NONE(null),
        ASKED("copying was asked for"),
        LENGTH("longer than one mapping of this JVM"),
        ALIGNMENT("misaligned in the file"),
        ORDER("big-endian: bytes swapped"),
        COMPRESSION("compressed");

        private final @Nullable String text;

        Reason(@Nullable String text) {
            this.text = text;
        }
    }

    private final long[] viewed;
    private final long[] copied;
    private final byte[] reasons;

    public CopyTally(int columns) {
        this.viewed = new long[columns];
        this.copied = new long[columns];
        this.reasons = new byte[columns];
    }

    public int columns() {
        return viewed.length;
    }

    void viewed(int column, long bytes) {
        viewed[column] += bytes;
    }

    void copied(int column, long bytes, Reason reason) {
        copied[column] += bytes;
        if (reason.ordinal() > reasons[column]) {
            reasons[column] = (byte) reason.ordinal();
        }
    }

    public CopyReport report(List<Field> fields, List<String> notes) {
        CopyReport.Builder report = CopyReport.builder();
        for (int i = 0; i < viewed.length; i++) {
            report.column(null, fields.get(i), viewed[i], copied[i], Reason.values()[reasons[i]].text);
        }
        notes.forEach(report::note);
        return report.build();
    }
}
