package org.arrownpz.frame.internal.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.arrownpz.ErrorCode;
import org.arrownpz.Location;
import org.arrownpz.NpzException;
import org.arrownpz.ReadLimits;
import org.arrownpz.SafeText;
import org.arrownpz.frame.internal.meta.FrameMetadata;
import org.arrownpz.frame.label.FrameSummary;
import org.arrownpz.io.DirectoryFiles;
import org.arrownpz.npz.NpzFile;

/**
 * The members that a frame's metadata count.
 *
 * @param blocks number of blocks
 * @param indexLevels number of stored index levels
 * @param columnLevels number of stored column label levels
 */
public record FrameMembers(int blocks, int indexLevels, int columnLevels) {
    private static final String BLOCK = "__blocks_";
    private static final String INDEX = "__values_index_";
    private static final String COLUMNS = "__values_columns_";
    private static final String END = "__.npy";
    /** A number with leading zeros is no name that StaticFrame would look for. */
    private static final Pattern NUMBERED =
            Pattern.compile("(" + BLOCK + "|" + INDEX + "|" + COLUMNS + ")(0|[1-9][0-9]*)" + Pattern.quote(END));

    private static final String ARCHIVE_END = ".npz";
    private static final String METADATA_END = "/" + FrameMetadata.MEMBER;

    public static String block(int position) {
        return BLOCK + position + END;
    }

    /** Whether a member of that name is a block. */
    public static boolean isBlock(String name) {
        return name.startsWith(BLOCK);
    }

    public static String indexLevel(int level) {
        return INDEX + level + END;
    }

    public static String columnLevel(int level) {
        return COLUMNS + level + END;
    }

    /** The number of these members with the metadata. */
    int count() {
        return blocks + indexLevels + columnLevels + 1;
    }

    /** Whether the archive has a first block or label level, as only frames have. */
    public static boolean looksLikeFrame(NpzFile file) {
        return file.contains(block(0)) || file.contains(indexLevel(0)) || file.contains(columnLevel(0));
    }

    /**
     * The frames in an archive of several: by label, the member that is an archive itself, or the prefix of a frame's
     * members, which ends in a slash. Empty where there are none.
     */
    public static Map<String, String> frames(NpzFile file) {
        Map<String, String> places = new LinkedHashMap<>();
        for (String name : file.names()) {
            if (name.endsWith(ARCHIVE_END)) {
                places.put(name.substring(0, name.length() - ARCHIVE_END.length()), name);
            } else if (name.endsWith(METADATA_END)) {
                String label = name.substring(0, name.length() - METADATA_END.length());
                places.put(label, label + "/");
            }
        }
        return places;
    }

    /**
     * The frames in a directory of several, as StaticFrame's {@code to_manifest} leaves it: by label, in alphabetical
     * order, an NPY directory or an {@code .npz} file. Empty where there are none, or where the directory is a frame
     * itself. Names that begin with a dot are left out, and links, which can lead elsewhere.
     *
     * @throws NpzException FRAME_LABELS when a directory and a file have the same label
     */
    public static Map<String, Path> frames(Path directory, ReadLimits limits) throws NpzException {
        Map<String, Path> places = new TreeMap<>();
        if (isMember(directory.resolve(FrameMetadata.MEMBER))) {
            return places;
        }
        for (String name : DirectoryFiles.names(directory, limits, FrameMembers::isFrame)) {
            String label = name.endsWith(ARCHIVE_END) && isMember(directory.resolve(name))
                    ? name.substring(0, name.length() - ARCHIVE_END.length())
                    : name;
            if (places.put(label, directory.resolve(name)) != null) {
                throw Location.ofFile(directory.toString())
                        .error(ErrorCode.FRAME_LABELS, "a file and a directory hold frames of one label")
                        .found(SafeText.quote(label))
                        .build();
            }
        }
        return places;
    }

    private static boolean isFrame(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".")
                && (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                        ? isMember(file.resolve(FrameMetadata.MEMBER))
                        : name.endsWith(ARCHIVE_END) && isMember(file));
    }

    private static boolean isMember(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The content of an archive, by the names of its members.
     *
     * @throws NpzException META_MISSING when it looks like a frame but has no metadata
     */
    public static FrameSummary.Kind kind(NpzFile file) throws NpzException {
        if (file.contains(FrameMetadata.MEMBER)) {
            return FrameSummary.Kind.FRAME;
        }
        if (!frames(file).isEmpty()) {
            return FrameSummary.Kind.BUS;
        }
        if (looksLikeFrame(file)) {
            throw file.location(FrameMetadata.MEMBER)
                    .fault(ErrorCode.META_MISSING, "a frame without its metadata (was its writer killed?)");
        }
        return FrameSummary.Kind.ARRAYS;
    }

    /** The names of these members but for the metadata, at most so many of each kind. */
    List<String> names(int most) {
        List<String> names = new ArrayList<>();
        IntStream.range(0, Math.min(blocks, most)).forEach(i -> names.add(block(i)));
        IntStream.range(0, Math.min(indexLevels, most)).forEach(i -> names.add(indexLevel(i)));
        IntStream.range(0, Math.min(columnLevels, most)).forEach(i -> names.add(columnLevel(i)));
        return names;
    }

    /** Whether the name is that of a frame member beyond these. */
    public boolean isSurplus(String name) {
        Matcher member = NUMBERED.matcher(name);
        if (!member.matches()) {
            return false;
        }
        int count = switch (member.group(1)) {
            case BLOCK -> blocks;
            case INDEX -> indexLevels;
            default -> columnLevels;
        };
        String position = member.group(2);
        return position.length() > 9 || Integer.parseInt(position) >= count;
    }
}
