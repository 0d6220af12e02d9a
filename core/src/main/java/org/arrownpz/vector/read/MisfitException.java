package org.arrownpz.vector.read;

/** A value that the planned Arrow type cannot hold. Says which; the builder decides what follows. */
final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long cell;
    private final long within;

    /**
     * @param problem what is wrong with the value, as it reads after "element 5"
     * @param cell the element among the cells being built
     * @param within bytes from the element's start to the value
     */
    MisfitException(String problem, long cell, long within) {
        super(problem, null, false, false);
        this.cell = cell;
        this.within = within;
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    long cell() {
        return cell;
    }

    long within() {
        return within;
    }
}
