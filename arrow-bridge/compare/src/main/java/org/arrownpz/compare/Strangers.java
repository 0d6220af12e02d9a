package org.arrownpz.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.arrownpz.compare.internal.contender.OwnFile;
import org.arrownpz.compare.internal.contender.PythonReaders;
import org.arrownpz.compare.internal.measure.Rounds;
import org.arrownpz.compare.report.FileForm;
import org.arrownpz.compare.report.Measurement;
import org.arrownpz.compare.report.Operation;
import org.arrownpz.compare.report.Result;
import org.jspecify.annotations.Nullable;

/** The readers of another process that take part in a contest: those that read the right values, and their times. */
final class Strangers {
    private final @Nullable PythonReaders python;
    private final Function<FileForm, Path> files;
    private final List<Stranger> strangers = new ArrayList<>();

    Strangers(@Nullable PythonReaders python, Function<FileForm, Path> files) {
        this.python = python;
        this.files = files;
    }

    private record Stranger(PythonReaders.Client client, List<String> notes, Map<Operation, Measurement> times) {
        Result result() {
            return new Result(client.form(), client.program(), Result.Kind.PEER, times, 0, null, notes);
        }
    }

    /** Has each read the file of its form, and leaves out who reads other values or nothing. */
    void agree(
            Agreement source,
            @Nullable OwnFile own,
            Set<FileForm> forms,
            List<String> missing,
            Consumer<String> progress) {
        if (python == null) {
            return;
        }
        for (PythonReaders.Client client : python.clients(own)) {
            if (!forms.contains(client.form())) {
                continue;
            }
            progress.accept("checking " + client.title());
            try {
                List<String> notes = check(source, python, client);
                strangers.add(new Stranger(client, notes, new EnumMap<>(Operation.class)));
            } catch (IOException e) {
                // What Python makes of a file is its own: texts without end, times of other units. Who reads other
                // values is not timed, and the user is told.
                missing.add(client.title() + ": " + e.getMessage());
            }
        }
    }

    private List<String> check(Agreement source, PythonReaders readers, PythonReaders.Client client)
            throws IOException {
        Path file = files.apply(client.form());
        JsonNode sums = readers.call(client, "sums", file);
        int left = source.check(
                sums.get("rows").asLong(),
                texts(sums.get("names")),
                texts(sums.get("kinds")),
                texts(sums.get("sums")),
                client.title(),
                file);
        return left == 0 ? List.of() : List.of("not compared: " + left + " of other types");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.isNull() ? "" : text.asText()));
        return texts;
    }

    /** Adds StaticFrame as a writer of what it read, where it reads the right values. */
    void addWriter(Rounds rounds, Path target, Consumer<Result> results) throws IOException {
        PythonReaders readers = python;
        if (readers == null) {
            return;
        }
        for (Stranger stranger : strangers) {
            if (stranger.client.form() == FileForm.NPZ_STATIC_FRAME) {
                readers.call(stranger.client, "hold", files.apply(FileForm.NPZ_STATIC_FRAME));
                rounds.add(
                        "writing " + FileForm.NPZ_STATIC_FRAME.label() + ", " + PythonReaders.TO_NPZ,
                        () -> readers.call(stranger.client, "write", target),
                        time -> results.accept(new Result(
                                FileForm.NPZ_STATIC_FRAME,
                                PythonReaders.TO_NPZ,
                                Result.Kind.PEER,
                                Map.of(Operation.WRITE, time),
                                0,
                                null,
                                List.of())));
            }
        }
    }

    /** Adds the calls of all. */
    void addTo(Rounds rounds) {
        PythonReaders readers = python;
        if (readers == null) {
            return;
        }
        for (Stranger stranger : strangers) {
            for (Operation operation : List.of(Operation.OPEN, Operation.CELL, Operation.TOUCH)) {
                rounds.add(
                        operation.key() + ", " + stranger.client.title(),
                        () -> readers.call(stranger.client, operation.key(), files.apply(stranger.client.form())),
                        time -> stranger.times.put(operation, time));
            }
        }
    }

    List<Result> results() {
        return strangers.stream().map(Stranger::result).toList();
    }
}
