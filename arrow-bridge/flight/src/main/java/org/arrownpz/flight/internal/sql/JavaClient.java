package org.arrownpz.flight.internal.sql;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Knows whether the client of a call speaks by gRPC for Java, as Arrow's JDBC driver does, which says no more of itself. */
public final class JavaClient implements ServerInterceptor {
    private static final Metadata.Key<String> AGENT = Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Boolean> JAVA = Context.keyWithDefault("arrownpz.java", false);

    /** Whether the call that this thread serves is of such a client. */
    public static boolean isCurrent() {
        return JAVA.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String agent = headers.get(AGENT);
        boolean java = agent != null && agent.contains("grpc-java");
        return Contexts.interceptCall(Context.current().withValue(JAVA, java), call, headers, next);
    }
}
