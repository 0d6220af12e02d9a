package org.arrownpz.damage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.arrownpz.testing.Python;
import org.jspecify.annotations.Nullable;

/** One Python process that says of many files what NumPy reads from them. */
final class NumpyJudge implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final DataOutputStream questions;
    private final DataInputStream answers;

    private final boolean listed;

    private NumpyJudge(Process process) throws IOException {
        this.process = process;
        this.questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        JsonNode versions = answer();
        boolean numpy = versions.get(0).asInt() == 2 && versions.get(1).asInt() >= 3;
        listed = numpy && versions.get(2).asInt() == 3 && versions.get(3).asInt() <= 11;
    }

    /** Whether the list of deviations was made for this NumPy and Python; others differ in what they refuse. */
    boolean listed() {
        return listed;
    }

    /** The judge, or null where there is no {@code python3} that has NumPy. */
    static @Nullable NumpyJudge start(Path directory) throws IOException, InterruptedException {
        Process process = Python.startNumpy(directory, "/damage/numpy_judge.py");
        return process == null ? null : new NumpyJudge(process);
    }

    /**
     * NumPy's answers, in order: {@code refused} with its exception, {@code difference} from what is claimed, {@code
     * members} with the same for each member of an archive.
     */
    JsonNode ask(List<Claim> claims) throws IOException {
        questions.writeInt(claims.size());
        for (Claim claim : claims) {
            block(claim.file());
            block(JSON.writeValueAsBytes(claim.facts()));
            questions.writeInt(claim.blobs().size());
            for (byte[] blob : claim.blobs()) {
                block(blob);
            }
        }
        questions.flush();
        return answer();
    }

    private JsonNode answer() throws IOException {
        byte[] answer = new byte[answers.readInt()];
        answers.readFully(answer);
        return JSON.readTree(answer);
    }

    private void block(byte[] bytes) throws IOException {
        questions.writeInt(bytes.length);
        questions.write(bytes);
    }

    @Override
    public void close() throws IOException {
        questions.close();
        answers.close();
        process.destroy();
    }
}
