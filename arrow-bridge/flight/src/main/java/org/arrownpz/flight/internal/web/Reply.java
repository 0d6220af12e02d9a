package org.arrownpz.flight.internal.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The body of an answer: what is written goes to the network from where it lies, and writing waits until the client has
 * taken it, so that nothing piles up. By TLS it is copied first, since others would read it then: of a file that is cut
 * short meanwhile, this thread has to hear. Used by one thread.
 */
final class Reply implements WritableByteChannel {
    private static final int PIECE = 1 << 18;
    private static final long LOOK_MILLIS = 500;

    private final Response response;
    private final boolean copies;
    private final LongPredicate givesUp;
    private boolean open = true;

    /** @param givesUp whether to give the client up that has taken nothing for so many nanoseconds */
    Reply(Response response, LongPredicate givesUp) {
        this.response = response;
        this.copies = response.getRequest().isSecure();
        this.givesUp = givesUp;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = source.remaining();
        while (source.hasRemaining()) {
            ByteBuffer piece = source.slice(source.position(), Math.min(PIECE, source.remaining()));
            source.position(source.position() + piece.remaining());
            send(copies ? ByteBuffer.allocate(piece.remaining()).put(piece).flip() : piece);
        }
        return count;
    }

    private void send(ByteBuffer piece) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        Callback.Completable sent = new Callback.Completable();
        long start = System.nanoTime();
        response.write(false, piece, sent);
        while (true) {
            try {
                sent.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (givesUp.test(System.nanoTime() - start)) {
                    // The write fails with it, and is waited for: the piece may lie in a file that is unmapped next.
                    endPoint().close();
                }
            } catch (InterruptedException e) {
                endPoint().close();
                Thread.currentThread().interrupt();
                sent.exceptionally(failure -> null).join();
                throw new IOException("the server ends", e);
            } catch (ExecutionException e) {
                throw new IOException("the client is gone", e.getCause());
            }
        }
    }

    private EndPoint endPoint() {
        return response.getRequest().getConnectionMetaData().getConnection().getEndPoint();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
