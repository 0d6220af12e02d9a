package org.arrownpz.fuzz;

import java.util.Map;
import java.util.function.Consumer;

/** Runs inputs through a target, and names the one that fails. */
public final class Replay {
    private Replay() {}

    public static void all(Map<String, byte[]> inputs, Consumer<byte[]> target) {
        inputs.forEach((name, input) -> {
            try {
                target.accept(input);
            } catch (Throwable e) {
                throw new AssertionError("input " + name, e);
            }
        });
    }
}
