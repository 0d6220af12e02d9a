package org.arrownpz.cli.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.arrownpz.SafeText;
import org.arrownpz.cli.cell.Figures;
import org.arrownpz.cli.console.Console;
import org.arrownpz.cli.console.Ink;
import org.arrownpz.cli.console.Width;
import org.arrownpz.cli.file.FileInfo;
import org.arrownpz.cli.file.MemberInfo;
import org.arrownpz.cli.print.Grid;
import org.arrownpz.frame.label.FrameAxis;
import org.arrownpz.frame.label.IndexClass;
import org.arrownpz.frame.label.Label;
import org.jspecify.annotations.Nullable;

/** The content of files, for people. */
public final class InfoText {
    private static final int MAX_PATH = 4096;
    private static final int MOST_FRAMES = 40;
    private static final int MAX_REASON = 400;
    private static final int MOST_REASONS = 8;
    private static final int LEAST_PATH = 12;
    /** The places that a file's line needs beside its path. */
    private static final int PATH_BESIDE = 45;

    private InfoText() {}

    /** One file: what it is, and each of its members. */
    public static void print(FileInfo info, Console console) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(Ink.BOLD.on(console, SafeText.escape(info.path(), MAX_PATH)))
                .append(": ")
                .append(kind(info));
        if (info.rows() >= 0) {
            text.append(", ").append(Figures.count(info.rows(), "row"));
        }
        if (info.columns() >= 0) {
            text.append(", ").append(Figures.count(info.columns(), "column"));
        }
        if (info.members().size() > 1) {
            text.append(", ").append(Figures.count(info.members().size(), "member"));
        }
        if (info.bytes() >= 0) {
            text.append(", ").append(Figures.bytes(info.bytes()));
        }
        Label name = info.name();
        if (name != null && !(name instanceof Label.None)) {
            text.append(", name ").append(SafeText.escape(name.text()));
        }
        text.append('\n');
        appendAxis(text, "index", info.index());
        appendAxis(text, "columns", info.columnLabels());
        appendFrames(text, info.frames());
        console.print(text.toString());
        text.setLength(0);
        boolean cut = new MemberTable(console, info.members()).print();
        appendSums(text, info.members(), console);
        if (cut) {
            appendReasons(text, info.members(), console);
        }
        console.print(text.toString());
    }

    /** Several files: one line each. */
    public static void print(List<FileInfo> files, Console console) throws IOException {
        Grid grid = new Grid(
                console,
                List.of(
                        new Grid.Column("file", null, false),
                        new Grid.Column("kind", null, false),
                        new Grid.Column("rows", null, true),
                        new Grid.Column("columns", null, true),
                        new Grid.Column("size", null, true)),
                1);
        long bytes = 0;
        for (FileInfo info : files) {
            bytes += Math.max(0, info.bytes());
            grid.add(
                    Grid.Cell.of(end(info.path(), console)),
                    new Grid.Cell(kind(info), Ink.DIM),
                    Grid.Cell.of(known(info.rows())),
                    Grid.Cell.of(known(info.columns())),
                    Grid.Cell.of(info.bytes() < 0 ? "" : Figures.bytes(info.bytes())));
        }
        grid.print();
        console.print(Ink.DIM.on(console, Figures.count(files.size(), "file") + ", " + Figures.bytes(bytes)) + "\n");
    }

    private static String known(long count) {
        return count < 0 ? "" : Figures.count(count);
    }

    private static String kind(FileInfo info) {
        return switch (info.kind()) {
            case "npy" -> "NumPy array";
            case "npz" -> "NumPy archive";
            case "frame-dir" -> "frame directory";
            case "bus" -> "Bus of frames";
            case "ipc" -> "Arrow IPC";
            case "parquet" -> "Parquet";
            case "csv" -> "CSV";
            case "json" -> "JSON lines";
            default -> info.kind();
        };
    }

    private static void appendAxis(StringBuilder text, String what, @Nullable FrameAxis axis) {
        if (axis == null) {
            return;
        }
        text.append("  ").append(what).append(": ").append(axis.indexClass().className());
        String lead = " of ";
        for (IndexClass level : axis.levelClasses()) {
            text.append(lead).append(level.className());
            lead = ", ";
        }
        if (!(axis.name() instanceof Label.None)) {
            text.append(", name ").append(SafeText.escape(axis.name().text()));
        }
        text.append(axis.isAuto() ? ", automatic\n" : "\n");
    }

    private static void appendFrames(StringBuilder text, List<String> frames) {
        if (frames.isEmpty()) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (String frame : frames.subList(0, Math.min(MOST_FRAMES, frames.size()))) {
            shown.add(SafeText.escape(frame));
        }
        text.append("  frames: ").append(String.join(", ", shown));
        int more = frames.size() - shown.size();
        text.append(more == 0 ? "\n" : " … and " + Figures.count(more) + " more\n");
    }

    /** Appends the sums of bytes viewed and bytes copied. */
    private static void appendSums(StringBuilder text, List<MemberInfo> members, Console console) {
        long[] counts = new long[2];
        long[] bytes = new long[2];
        for (MemberInfo member : members) {
            if (member.member().header() != null) {
                int copied = member.reason() == null ? 0 : 1;
                counts[copied]++;
                bytes[copied] += member.member().size();
            }
        }
        if (counts[0] + counts[1] < 2) {
            return;
        }
        String viewed = Figures.count(counts[0], "array") + " viewed, " + Figures.bytes(bytes[0]);
        String copied = Figures.count(counts[1], "array") + " copied, " + Figures.bytes(bytes[1]);
        text.append("  ").append(counts[0] == 0 ? "" : Ink.GREEN.on(console, viewed));
        text.append(counts[0] > 0 && counts[1] > 0 ? "; " : "");
        text.append(counts[1] == 0 ? "" : Ink.YELLOW.on(console, copied)).append('\n');
    }

    private static void appendReasons(StringBuilder text, List<MemberInfo> members, Console console) {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        for (MemberInfo member : members) {
            if (member.reason() != null) {
                reasons.merge(SafeText.escape(member.reason(), MAX_REASON), 1, Integer::sum);
            }
        }
        int left = MOST_REASONS;
        for (Map.Entry<String, Integer> reason : reasons.entrySet()) {
            if (left-- > 0) {
                String line = Figures.count(reason.getValue(), "array") + ": " + reason.getKey();
                text.append("    ").append(Ink.YELLOW.on(console, line)).append('\n');
            }
        }
    }

    /** The end of a path, which says more than its beginning. */
    static String end(String path, Console console) {
        String safe = SafeText.escape(path, MAX_PATH);
        int most = Math.min(Grid.MAX_CELL, Math.max(LEAST_PATH, console.width() - PATH_BESIDE));
        int start = 0;
        while (Width.of(safe.substring(start)) > most - (start == 0 ? 0 : 1)) {
            start = safe.offsetByCodePoints(start, 1);
        }
        return start == 0 ? safe : "…" + safe.substring(start);
    }
}
