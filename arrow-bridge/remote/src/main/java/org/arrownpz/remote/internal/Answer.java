package org.arrownpz.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes one answer of a server: has its head judged, then puts its body into a buffer, and never a byte more. After
 * {@link #close()} the buffer is not touched again.
 */
final class Answer implements HttpResponse.BodyHandler<Void>, HttpResponse.BodySubscriber<Void>, AutoCloseable {
    private final Judge judge;
    private final LongAdder bytes;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private @Nullable ByteBuffer target;
    private @Nullable Subscription subscription;
    private boolean closed;
    private volatile int progress;

    /** Decides by an answer's head where its body belongs. */
    @FunctionalInterface
    interface Judge {
        ByteBuffer target(HttpResponse.ResponseInfo head) throws IOException;
    }

    /** @param bytes counts what comes */
    Answer(Judge judge, LongAdder bytes) {
        this.judge = judge;
        this.bytes = bytes;
    }

    @Override
    public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo head) {
        step();
        try {
            target = judge.target(head);
        } catch (IOException | RuntimeException e) {
            body.completeExceptionally(e);
        }
        return this;
    }

    /** Another number whenever something came. */
    int progress() {
        return progress;
    }

    private synchronized void step() {
        progress++;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Subscription given) {
        subscription = given;
        if (closed || target == null) {
            given.cancel();
        } else if (!target.hasRemaining()) {
            // The body is a page about a status.
            given.cancel();
            body.complete(null);
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> parts) {
        if (closed || target == null || body.isDone()) {
            return;
        }
        progress++;
        for (ByteBuffer part : parts) {
            bytes.add(part.remaining());
            if (part.remaining() > target.remaining()) {
                body.completeExceptionally(new IOException("The answer is longer than the range"));
                close();
                return;
            }
            target.put(part);
        }
    }

    @Override
    public synchronized void onError(Throwable fault) {
        body.completeExceptionally(fault);
    }

    @Override
    public synchronized void onComplete() {
        if (target != null && target.hasRemaining()) {
            body.completeExceptionally(new EOFException("The answer is shorter than the range"));
        }
        body.complete(null);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
