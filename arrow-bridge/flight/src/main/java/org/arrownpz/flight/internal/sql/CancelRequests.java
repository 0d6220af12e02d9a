package org.arrownpz.flight.internal.sql;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.sql.FlightSqlUtils;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCancelQueryRequest;
import org.arrownpz.flight.internal.FlightFaults;

/** Actions that cancel a query. */
public final class CancelRequests {
    private CancelRequests() {}

    /**
     * The action, where Arrow's reading of it would not take it for a failure of the server. The schema of a query to
     * cancel says nothing, and Arrow would allocate as much for it as it claims: it is left out before it is read.
     *
     * @throws org.apache.arrow.flight.FlightRuntimeException INVALID_ARGUMENT when the action is one that cancels, and its
     *     body is none of it
     */
    public static Action safe(Action action) {
        try {
            if (action.getType().equals(FlightConstants.CANCEL_FLIGHT_INFO.getType())) {
                return new Action(action.getType(), flightInfo(action.getBody()));
            }
            if (action.getType().equals(FlightSqlUtils.FLIGHT_SQL_CANCEL_QUERY.getType())) {
                return new Action(action.getType(), query(action.getBody()));
            }
            return action;
        } catch (IOException | URISyntaxException | RuntimeException e) {
            throw FlightFaults.of(CallStatus.INVALID_ARGUMENT, "the action's body is none of " + action.getType());
        }
    }

    private static byte[] flightInfo(byte[] body) throws IOException, URISyntaxException {
        Flight.CancelFlightInfoRequest request = Flight.CancelFlightInfoRequest.parseFrom(body);
        byte[] bare = request.toBuilder()
                .setInfo(request.getInfo().toBuilder().clearSchema())
                .build()
                .toByteArray();
        CancelFlightInfoRequest.deserialize(ByteBuffer.wrap(bare));
        return bare;
    }

    private static byte[] query(byte[] body) throws IOException, URISyntaxException {
        ByteString info =
                Any.parseFrom(body).unpack(ActionCancelQueryRequest.class).getInfo();
        ByteString bare = Flight.FlightInfo.parseFrom(info).toBuilder()
                .clearSchema()
                .build()
                .toByteString();
        FlightInfo.deserialize(bare.asReadOnlyByteBuffer());
        return Any.pack(ActionCancelQueryRequest.newBuilder().setInfo(bare).build())
                .toByteArray();
    }
}
