package org.arrownpz.flight.internal.access;

import io.grpc.Context;

/**
 * The one who calls.
 *
 * @param name of the token or the certificate; empty where nobody is asked
 * @param rights what it may read, and where it may put files
 */
public record Caller(String name, Rights rights) {
    static final Context.Key<Caller> KEY = Context.key("arrownpz.caller");
    private static final Caller ANYBODY = new Caller("", Rights.ALL);

    /** The caller of the call that this thread serves. */
    public static Caller current() {
        Caller caller = KEY.get();
        return caller == null ? ANYBODY : caller;
    }
}
