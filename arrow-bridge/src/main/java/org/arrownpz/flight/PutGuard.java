package org.arrownpz.flight;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;

/**
 * Refuses puts that Flight's own stream takes wrongly: deltas of dictionaries, which it takes for whole ones, so that
 * indices would mean other values, and columns whose vectors it cannot make, at which it ends the call with what Java
 * threw.
 */
final class PutGuard implements ServerInterceptor {
    private static final String PUT = "DoPut";
    /** {@code FlightData.data_header}, an Arrow message (Flight.proto). */
    private static final int HEADER_FIELD = 2;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!PUT.equals(call.getMethodDescriptor().getBareMethodName())) {
            return next.startCall(call, headers);
        }
        Closing<Q, A> closing = new Closing<>(call);
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(next.startCall(closing, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                if (refused || isDelta(call.getMethodDescriptor().streamRequest(message))) {
                    discard(message);
                    refuse("dictionary deltas are not supported: send whole dictionaries"
                            + " (pyarrow: IpcWriteOptions(emit_dictionary_deltas=False))");
                    return;
                }
                try {
                    super.onMessage(message);
                } catch (RuntimeException e) {
                    refuse("Arrow Flight for Java cannot receive a column of such a type, or the schema is damaged");
                }
            }

            private void refuse(String reason) {
                if (!refused) {
                    refused = true;
                    closing.close(Status.UNIMPLEMENTED.withDescription(reason), new Metadata());
                    super.onCancel();
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    private static void discard(Object message) {
        try {
            ((AutoCloseable) message).close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads no further than the message's header; what is no message is Flight's to refuse. */
    private static boolean isDelta(InputStream bytes) {
        try (bytes) {
            CodedInputStream fields = CodedInputStream.newInstance(bytes);
            for (int tag = fields.readTag(); tag != 0; tag = fields.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) != HEADER_FIELD) {
                    fields.skipField(tag);
                    continue;
                }
                Message message = Message.getRootAsMessage(ByteBuffer.wrap(fields.readByteArray()));
                return message.headerType() == MessageHeader.DictionaryBatch
                        && message.header(new DictionaryBatch()) instanceof DictionaryBatch batch
                        && batch.isDelta();
            }
            return false;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** A call that may be closed by the guard and, later, by whoever served it. */
    private static final class Closing<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private boolean closed;

        Closing(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }
    }
}
