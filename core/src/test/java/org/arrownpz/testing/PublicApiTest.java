package org.arrownpz.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PublicApiTest {
    private static final String NAME = Sample.class.getTypeName();

    abstract static class Hidden {
        public final int inherited() {
            return 1;
        }
    }

    /** A type with something of each kind. */
    public static class Sample extends Hidden implements Comparable<Sample> {
        public static final long LIMIT = 4L << 30;

        int ownBusiness;

        protected Sample(List<String> names) {}

        public synchronized <T extends CharSequence> T first(T[] of, int... at) throws IOException {
            return of[at[ownBusiness]];
        }

        @Override
        public int compareTo(Sample other) {
            return 0;
        }

        @Override
        public String toString() {
            return "";
        }
    }

    /** A closed family. */
    public sealed interface Family permits Child {
        default int size() {
            return 1;
        }
    }

    public record Child(int size) implements Family {}

    public enum Choice {
        ONE {},
        TWO
    }

    @Test
    void saysWhatOthersCanCallOverrideOrInline() {
        assertThat(PublicApi.lines(Sample.class))
                .containsExactly(
                        NAME + ": public static class extends " + Hidden.class.getTypeName() + " is Comparable<" + NAME
                                + ">",
                        NAME + " <T extends CharSequence> T first(T[],int...) throws java.io.IOException",
                        NAME + " final int inherited()",
                        NAME + " int compareTo(" + NAME + ")",
                        NAME + " protected " + NAME + "(java.util.List<String>)",
                        NAME + " static final long LIMIT = 4294967296");
    }

    @Test
    void namesAClosedFamilysMembersAndARecordsParts() {
        assertThat(PublicApi.lines(Family.class))
                .containsExactly(
                        Family.class.getTypeName() + ": public static sealed interface permits "
                                + Child.class.getTypeName(),
                        Family.class.getTypeName() + " default int size()");
        assertThat(PublicApi.lines(Child.class))
                .containsExactly(
                        Child.class.getTypeName() + ": public static record is " + Family.class.getTypeName(),
                        Child.class.getTypeName() + " int size()",
                        Child.class.getTypeName() + " " + Child.class.getTypeName() + "(int)");
    }

    @Test
    void leavesTheMakingOfConstantsToTheEnum() {
        assertThat(PublicApi.lines(Choice.class))
                .first()
                .isEqualTo(Choice.class.getTypeName() + ": public static enum");
    }

    @Test
    void tellsWhatIsGoneFromWhatIsNew() {
        List<String> lines = PublicApi.lines(Sample.class);
        PublicApi.assertSame(lines, lines);

        String added = lines.get(2);
        List<String> before = lines.stream().filter(line -> !line.equals(added)).toList();
        assertThatThrownBy(() -> PublicApi.assertSame(before, lines))
                .hasMessageContaining("new: ")
                .hasMessageContaining(added);
        assertThatThrownBy(() -> PublicApi.assertSame(lines, before))
                .hasMessageContaining("gone or changed")
                .hasMessageContaining(added);
    }
}
