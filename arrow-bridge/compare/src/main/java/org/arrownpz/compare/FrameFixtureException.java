package org.arrownpz.compare;

/**
 * A text that describes no frame: {@link Syntax} or {@link Content}, with the place in the text.
 *
 * <p>As safe for several threads as every exception: what it tells never changes.
 */
public abstract sealed class FrameFixtureException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int position;

    private FrameFixtureException(String problem, int position) {
        super(problem + " (at character " + position + ")");
        this.position = position;
    }

    /** The position in the text, in UTF-16 units from 0; the length of the text for its end. */
    public int position() {
        return position;
    }

    /** The text is not of the language: what frame-fixtures calls FrameFixtureSyntaxError. */
    public static final class Syntax extends FrameFixtureException {
        private static final long serialVersionUID = 1;

        Syntax(String problem, int position) {
            super(problem, position);
        }
    }

    /**
     * The text is of the language, but no frame is as it says: labels repeat, classes contradict each other, there are
     * no columns, or more values are asked for than are the same in every process.
     */
    public static final class Content extends FrameFixtureException {
        private static final long serialVersionUID = 1;

        Content(String problem, int position) {
            super(problem, position);
        }
    }
}
