package org.arrownpz.frame.internal.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.util.AutoCloseables;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.frame.internal.store.ArrayStore.MemberStore;
import org.arrownpz.npy.NumpyArray;
import org.arrownpz.npz.NpzFile;
import org.jspecify.annotations.Nullable;

/** An NPZ archive, or the members of one below a prefix (a frame inside a Bus). */
public final class ZipStore implements MemberStore {
    private final NpzFile file;
    private final String prefix;
    private final AutoCloseable hold;
    /** The arrays so far where only headers are read, else null. */
    private final @Nullable Map<String, NumpyArray> outlines;

    public ZipStore(NpzFile file) {
        this(file, "", file);
    }

    /**
     * The members below a prefix.
     *
     * @param hold what is closed with the store: the file, or a share in it; may be closed more than once
     */
    public ZipStore(NpzFile file, String prefix, AutoCloseable hold) {
        this(file, prefix, hold, null);
    }

    private ZipStore(NpzFile file, String prefix, AutoCloseable hold, @Nullable Map<String, NumpyArray> outlines) {
        this.file = file;
        this.prefix = prefix;
        this.hold = hold;
        this.outlines = outlines;
    }

    /** An archive of which headers are wanted: members are inflated and checked only where their elements are read. */
    public static ZipStore ofHeaders(NpzFile file) {
        return new ZipStore(file, "", file, new HashMap<>());
    }

    @Override
    public Location location() {
        return prefix.isEmpty() ? file.location() : file.location().member(prefix);
    }

    @Override
    public boolean contains(String member) {
        return file.contains(name(member));
    }

    @Override
    public NumpyArray array(String member) throws NpzException {
        NumpyArray array = outlines == null ? file.arrayIfPresent(name(member)) : outline(outlines, name(member));
        if (array == null) {
            throw missing(member);
        }
        return array;
    }

    private @Nullable NumpyArray outline(Map<String, NumpyArray> known, String name) throws NpzException {
        NumpyArray array = known.get(name);
        if (array == null) {
            array = file.outlineIfPresent(name);
            if (array != null) {
                known.put(name, array);
            }
        }
        return array;
    }

    @Override
    public byte[] bytes(String member, long limit) throws NpzException {
        require(member);
        return file.bytes(name(member), limit);
    }

    private String name(String member) {
        return prefix.isEmpty() ? member : prefix + member;
    }

    private void require(String member) throws NpzException {
        if (!contains(member)) {
            throw missing(member);
        }
    }

    private NpzException missing(String member) {
        return file.location().member(name(member)).fault(ErrorCode.META_MISSING, "the archive has no such member");
    }

    @Override
    public @Nullable String surplus(FrameMembers expected) {
        if (prefix.isEmpty() && file.size() == expected.count()) {
            return null;
        }
        for (String name : file.names()) {
            if (name.startsWith(prefix) && expected.isSurplus(name.substring(prefix.length()))) {
                return name;
            }
        }
        return null;
    }

    @Override
    public void prefetch(FrameMembers members) throws NpzException {
        if (outlines == null && file.hasDeflated()) {
            List<String> present = new ArrayList<>();
            for (String member : members.names(file.size())) {
                if (file.contains(prefix + member)) {
                    present.add(prefix + member);
                }
            }
            file.inflateAll(present);
        }
    }

    @Override
    public @Nullable String traffic() {
        return file.traffic();
    }

    @Override
    public void checkUnchanged() throws NpzException {
        file.checkUnchanged();
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(hold);
    }
}
