package org.arrownpz.damage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.io.ByteSource;
import org.arrownpz.io.ByteSources;
import org.arrownpz.npy.NpyHeaderReader;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.arrownpz.npz.NpzFile.NpzEntry;
import org.jspecify.annotations.Nullable;

/**
 * What this library reads from a file, to be compared with what NumPy reads.
 *
 * @param facts the array's header, or a list of members with theirs; null where the file is refused
 * @param blobs the bytes that the facts speak of by number
 * @param fault why the whole file is refused
 * @param memberFaults why members of an archive are refused
 */
record Claim(
        byte[] file,
        @Nullable Object facts,
        List<byte[]> blobs,
        @Nullable Refusal fault,
        Map<String, Refusal> memberFaults) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Location LOCATION = Location.ofFile("mutant");

    /** Why something is refused, and its bytes where they could be had. */
    record Refusal(NpzException fault, byte[] content) {}

    static Claim of(BufferAllocator allocator, byte[] file) {
        List<byte[]> blobs = new ArrayList<>();
        Map<String, Refusal> faults = new HashMap<>();
        try (ArrowBuf memory = allocator.buffer(Math.max(1, file.length))) {
            memory.setBytes(0, file);
            ByteSource source = ByteSources.of(memory, 0, file.length);
            boolean zip = file.length > 1 && file[0] == 'P' && file[1] == 'K';
            return new Claim(
                    file, zip ? archive(allocator, source, blobs, faults) : array(source, blobs), blobs, null, faults);
        } catch (NpzException e) {
            return new Claim(file, null, List.of(), new Refusal(e, file), Map.of());
        }
    }

    private static Object array(ByteSource source, List<byte[]> blobs) throws NpzException {
        try (source) {
            return facts(new NpyHeaderReader(ReadLimits.defaults()).open(source, LOCATION, false), blobs);
        }
    }

    private static Map<String, Object> facts(NumpyArray array, List<byte[]> blobs) throws NpzException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("descr", array.header().dtype().descr());
        facts.put("shape", array.header().shape().lengths());
        facts.put("order", array.header().order());
        facts.put("raw", blobs.size());
        blobs.add(bytes(array.data()));
        return facts;
    }

    private static byte[] bytes(ByteSource source) throws NpzException {
        byte[] bytes = new byte[(int) source.size()];
        source.read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    // The content of a member that cannot be had is of no interest.
    private static byte[] content(NpzFile file, String member) {
        try {
            return bytes(file.member(member));
        } catch (NpzException e) {
            return new byte[0];
        }
    }

    private static Object archive(
            BufferAllocator allocator, ByteSource source, List<byte[]> blobs, Map<String, Refusal> faults)
            throws NpzException {
        List<Object> members = new ArrayList<>();
        try (NpzFile file = NpzFile.open(allocator, source, LOCATION, Snapshot.CHECKED)) {
            for (NpzEntry entry : file.entries()) {
                Map<String, Object> member = new LinkedHashMap<>();
                member.put("name", entry.name());
                try {
                    member.put("array", facts(file.array(entry.name()), blobs));
                } catch (NpzException e) {
                    byte[] content = content(file, entry.name());
                    boolean magic =
                            Arrays.equals(content, 0, Math.min(content.length, MAGIC.length), MAGIC, 0, MAGIC.length);
                    if (e.code() == ErrorCode.MAGIC && !magic) {
                        // NumPy hands out as bytes what is no array.
                        member.put("array", Map.of("bytes", blobs.size()));
                        blobs.add(content);
                    } else {
                        faults.put(entry.name(), new Refusal(e, content));
                    }
                }
                members.add(member);
            }
        }
        return members;
    }
}
