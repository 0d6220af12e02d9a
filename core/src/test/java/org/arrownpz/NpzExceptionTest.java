package org.arrownpz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** What an exception says of a file. */
class NpzExceptionTest {
    @Test
    void keepsItsFactsThroughSerialization() throws Exception {
        NpzException thrown = NpzException.of(ErrorCode.ZIP_CRC, "the content is damaged")
                .file("a.npz")
                .member("x.npy")
                .at(7)
                .expected(1)
                .found(2)
                .remedy("Fetch the file again")
                .cause(new IOException("cause"))
                .build();

        NpzException read = again(thrown);

        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("stackTrace", "cause")
                .isEqualTo(thrown);
        assertThat(read.code()).isEqualTo(ErrorCode.ZIP_CRC);
        assertThat(read.file()).isEqualTo("a.npz");
        assertThat(read.offset()).isEqualTo(7);
        assertThat(read).hasMessage(thrown.getMessage()).hasRootCauseMessage("cause");
    }

    private static NpzException again(NpzException thrown) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (NpzException) in.readObject();
        }
    }
}
