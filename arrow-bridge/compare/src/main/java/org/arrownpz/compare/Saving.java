package org.arrownpz.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.compare.internal.measure.Scratch;
import org.arrownpz.frame.Frame;
import org.arrownpz.support.Faults;
import org.arrownpz.support.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The space that packing saves: bytes of the same events, flat and packed, in each form. Sizes do not depend on the
 * machine.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param data where the events come from
 * @param rows flat rows
 * @param groups packed rows
 * @param fileBytes bytes of the file that the events come from; null where they come from none
 * @param flat bytes of the flat table
 * @param packed bytes of the packed table; has the same keys
 * @param notes what is to be known about the figures: forms that cannot hold the tables, rows that were sorted
 */
public record Saving(
        String data,
        long rows,
        long groups,
        @Nullable Long fileBytes,
        Map<FileForm, Long> flat,
        Map<FileForm, Long> packed,
        List<String> notes) {
    /** The forms in which events are kept. */
    public static final List<FileForm> FORMS = List.of(
            FileForm.NPZ_ALIGNED,
            FileForm.NPZ_DEFLATED,
            FileForm.FEATHER,
            FileForm.FEATHER_LZ4,
            FileForm.FEATHER_ZSTD,
            FileForm.PARQUET_PLAIN,
            FileForm.PARQUET,
            FileForm.PARQUET_ZSTD);

    /** Sizes nearer than this are called level. */
    private static final double LEVEL = 1.05;

    /** @throws IllegalArgumentException when the forms of both differ */
    public Saving {
        if (!flat.keySet().equals(packed.keySet())) {
            throw new IllegalArgumentException("other forms flat than packed");
        }
        flat = Map.copyOf(flat);
        packed = Map.copyOf(packed);
        notes = List.copyOf(notes);
    }

    /** The sizes of two comparisons of the same events, flat and packed, in the forms that took part in both. */
    public static Saving of(Comparison flat, Comparison packed) {
        Map<FileForm, Long> before = new TreeMap<>(flat.sizes());
        Map<FileForm, Long> after = new TreeMap<>(packed.sizes());
        Long fileBytes = before.remove(FileForm.OWN);
        before.keySet().retainAll(after.keySet());
        after.keySet().retainAll(before.keySet());
        return new Saving(packed.title(), flat.rows(), packed.rows(), fileBytes, before, after, List.of());
    }

    /**
     * Writes both tables in all {@link #FORMS}, one file at a time, each of which is deleted as soon as its size is known.
     * Forms that cannot hold one of them are left out, with a note.
     *
     * @param data a name for the events
     * @param fileBytes bytes of the file that they come from, or null
     * @param flat the events; stays the caller's
     * @param packed the same, packed; stays the caller's
     * @param notes what else is to be known
     * @param progress gets a line of text for each step
     * @throws NpzException when a table cannot be read, or a file not be written
     */
    public static Saving measure(
            String data,
            @Nullable Long fileBytes,
            Frame flat,
            Frame packed,
            List<String> notes,
            Consumer<String> progress)
            throws NpzException {
        Map<FileForm, Long> flatBytes = new EnumMap<>(FileForm.class);
        Map<FileForm, Long> packedBytes = new EnumMap<>(FileForm.class);
        List<String> said = new ArrayList<>(notes);
        try (Scratch scratch = Scratch.in(null)) {
            for (FileForm form : FORMS) {
                Path file = scratch.file(form.fileName());
                try {
                    progress.accept("writing flat rows, " + form.label());
                    long bytes = size(flat, form, file);
                    progress.accept("writing packed rows, " + form.label());
                    packedBytes.put(form, size(packed, form, file));
                    flatBytes.put(form, bytes);
                } catch (IllegalArgumentException e) {
                    said.add(form.label() + ": " + e.getMessage());
                }
            }
        } catch (IOException e) {
            throw Faults.translate(Location.ofFile(null), "the files to be measured cannot be written", e);
        }
        return new Saving(data, flat.rowCount(), packed.rowCount(), fileBytes, flatBytes, packedBytes, said);
    }

    private static long size(Frame frame, FileForm form, Path file) throws IOException {
        Contenders.write(form, frame, file);
        long bytes = Scratch.size(file);
        Scratch.delete(file);
        return bytes;
    }

    /** The measured forms in the order of {@link FileForm}. */
    public List<FileForm> forms() {
        return Arrays.stream(FileForm.values()).filter(flat::containsKey).toList();
    }

    /** The number of times that the packed table is smaller; below 1 where it is larger. */
    public double ratio(FileForm form) {
        return (double) flatBytes(form) / Math.max(1, packedBytes(form));
    }

    /** Bytes of the flat table in a form that was measured. */
    public long flatBytes(FileForm form) {
        return Objects.requireNonNull(flat.get(form), form::label);
    }

    /** Bytes of the packed table in a form that was measured. */
    public long packedBytes(FileForm form) {
        return Objects.requireNonNull(packed.get(form), form::label);
    }

    /** The outcome: where packing saves, where it changes nothing, and where it costs. */
    public List<String> verdict() {
        List<String> smaller = new ArrayList<>();
        List<String> level = new ArrayList<>();
        List<String> larger = new ArrayList<>();
        for (FileForm form : forms()) {
            double ratio = ratio(form);
            if (ratio >= LEVEL) {
                smaller.add(times(form, ratio));
            } else if (ratio > 1 / LEVEL) {
                level.add(form.label());
            } else {
                larger.add(times(form, 1 / ratio));
            }
        }
        List<String> sentences = new ArrayList<>();
        String lead = "Packing " + rows + " rows into " + groups + " groups ";
        add(sentences, lead + "makes smaller: ", smaller);
        add(sentences, lead + "saves no space as ", level);
        add(sentences, lead + "makes larger: ", larger);
        return sentences;
    }

    private static String times(FileForm form, double ratio) {
        return String.format(Locale.ROOT, "%s %.2f times", form.label(), ratio);
    }

    private static void add(List<String> sentences, String lead, List<String> parts) {
        if (!parts.isEmpty()) {
            sentences.add(lead + String.join(", ", parts) + ".");
        }
    }

    /** The same as JSON; sizes in bytes. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("data", data)
                .put("rows", rows)
                .put("groups", groups)
                .put("file_bytes", fileBytes)
                .put("files", forms().stream().map(this::file).toList())
                .put("notes", notes)
                .put("verdict", verdict());
    }

    private JsonObject file(FileForm form) {
        return new JsonObject()
                .put("form", form.key())
                .put("label", form.label())
                .put("flat_bytes", flatBytes(form))
                .put("packed_bytes", packedBytes(form))
                .put("flat_over_packed", Math.round(ratio(form) * 1000) / 1000.0);
    }
}
