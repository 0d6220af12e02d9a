package org.arrownpz.damage;

import java.util.Random;

/** What the makers of nearly right files ask of chance. */
record Dice(Random random) {
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in so many times. */
    boolean in(int chances) {
        return random.nextInt(chances) == 0;
    }

    String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
