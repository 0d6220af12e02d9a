package org.arrownpz.compare;

/**
 * The integers and texts that all values of a fixture stem from: the numbers below {@link #COUNT}, shuffled as
 * {@code numpy.random.RandomState(22).shuffle} does (a stream that NumPy keeps frozen), and as many four-letter labels.
 */
final class SourceValues {
    /** What frame-fixtures makes for requests of up to half as many; growth makes values depend on earlier requests. */
    static final int COUNT = 200_000;

    static final int LABEL_LENGTH = 4;

    private static final int SEED = 22;
    private static final String ALPHABET = "zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /** The shuffled integers. */
    private static final int[] INTS = shuffled();
    /** The labels, packed: the first character in the lowest byte. */
    private static final int[] LABELS = labels(INTS);

    private SourceValues() {}

    /** The integer at a position. */
    static int value(int position) {
        return INTS[position];
    }

    /** The integer at a position, negative where it is a multiple of three. */
    static int signed(int position) {
        int value = INTS[position];
        return value % 3 == 0 ? -value : value;
    }

    /** The float at a position, of which the first is NaN; 0 is −0.0. */
    static double real(int position) {
        if (position == 0) {
            return Double.NaN;
        }
        int value = INTS[position - 1];
        // The rounded product with 0.02 that frame-fixtures computes is this quotient for every value.
        return value / (value % 3 == 0 ? -50.0 : 50.0);
    }

    /** The label at a position: four ASCII characters, the first in the lowest byte. */
    static int label(int position) {
        return LABELS[position];
    }

    private static int[] shuffled() {
        int[] values = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            values[i] = i;
        }
        MersenneTwister random = new MersenneTwister(SEED);
        for (int i = COUNT - 1; i > 0; i--) {
            int j = random.atMost(i);
            int moved = values[i];
            values[i] = values[j];
            values[j] = moved;
        }
        return values;
    }

    // Labels are the permutations of the alphabet in order, given out in the order of the shuffled integers.
    private static int[] labels(int[] order) {
        int[] labels = new int[order.length];
        int symbols = ALPHABET.length();
        boolean[] used = new boolean[symbols];
        int[] chosen = new int[LABEL_LENGTH];
        for (int p = 0; p < order.length; p++) {
            int rest = p;
            int packed = 0;
            int following = (symbols - 1) * (symbols - 2) * (symbols - 3);
            for (int place = 0; place < LABEL_LENGTH; place++) {
                int symbol = unused(used, rest / following);
                rest %= following;
                following /= place < LABEL_LENGTH - 1 ? symbols - 1 - place : 1;
                used[symbol] = true;
                chosen[place] = symbol;
                packed |= ALPHABET.charAt(symbol) << (8 * place);
            }
            for (int symbol : chosen) {
                used[symbol] = false;
            }
            labels[order[p]] = packed;
        }
        return labels;
    }

    private static int unused(boolean[] used, int number) {
        int symbol = 0;
        for (int left = number; used[symbol] || left > 0; symbol++) {
            left -= used[symbol] ? 0 : 1;
        }
        return symbol;
    }

    /** MT19937 with the seeding and the bounded integers of NumPy's legacy generator. */
    private static final class MersenneTwister {
        private static final int SIZE = 624;
        private static final int MIDDLE = 397;

        private final int[] state = new int[SIZE];
        private int next = SIZE;

        MersenneTwister(int seed) {
            state[0] = seed;
            for (int i = 1; i < SIZE; i++) {
                state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
            }
        }

        /** A number from 0 to the bound: masked words, until one fits. */
        int atMost(int bound) {
            int mask = -1 >>> Integer.numberOfLeadingZeros(bound);
            int value;
            do {
                value = word() & mask;
            } while (value > bound);
            return value;
        }

        private int word() {
            if (next == SIZE) {
                refill();
            }
            int y = state[next++];
            y ^= y >>> 11;
            y ^= (y << 7) & 0x9d2c5680;
            y ^= (y << 15) & 0xefc60000;
            return y ^ (y >>> 18);
        }

        private void refill() {
            for (int i = 0; i < SIZE; i++) {
                int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
                state[i] = state[(i + MIDDLE) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
            }
            next = 0;
        }
    }
}
