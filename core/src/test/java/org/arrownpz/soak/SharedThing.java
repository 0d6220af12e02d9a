package org.arrownpz.soak;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Something that several threads use while another closes it. */
abstract class SharedThing {
    private final String name;
    private final AtomicInteger steps = new AtomicInteger();

    SharedThing(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** How often it was used so far. */
    int steps() {
        return steps.get();
    }

    void count() {
        steps.incrementAndGet();
    }

    /** One use; what is wrong with the data, or null. */
    abstract @Nullable String use(Random choice) throws Exception;

    /** Closes it; called twice. */
    abstract void close() throws Exception;

    /** Closes what is not under test, when nobody uses it any more. */
    void afterClose() throws Exception {}
}
