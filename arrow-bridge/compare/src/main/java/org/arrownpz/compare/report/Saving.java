package org.arrownpz.compare.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.arrownpz.ipc.internal.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The space that packing saves: bytes of the same events, flat and packed, in each form.
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
        Map<FileForm, Long> before = new EnumMap<>(FileForm.class);
        Map<FileForm, Long> after = new EnumMap<>(FileForm.class);
        packed.sizes().forEach((form, bytes) -> {
            Long flatBytes = flat.sizes().get(form);
            if (flatBytes != null && form != FileForm.OWN) {
                before.put(form, flatBytes);
                after.put(form, bytes);
            }
        });
        Long fileBytes = flat.sizes().get(FileForm.OWN);
        return new Saving(packed.title(), flat.rows(), packed.rows(), fileBytes, before, after, List.of());
    }

    /** The measured forms in the order of {@link FileForm}. */
    public List<FileForm> forms() {
        return Arrays.stream(FileForm.values()).filter(flat::containsKey).toList();
    }

    /** How many times smaller the packed table is; below 1 where it is larger. */
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
            String name = form.label();
            if (ratio >= LEVEL) {
                smaller.add(name + " " + times(ratio));
            } else if (ratio > 1 / LEVEL) {
                level.add(name);
            } else {
                larger.add(name + " " + times(1 / ratio));
            }
        }
        List<String> sentences = new ArrayList<>();
        String lead = "Packing " + rows + " rows into " + groups + " groups ";
        add(sentences, lead + "makes smaller: ", smaller);
        add(sentences, lead + "saves no space as ", level);
        add(sentences, lead + "makes larger: ", larger);
        return sentences;
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f times", ratio);
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
