using System.Net.Sockets;
using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>Serves MQTT on whatever byte stream Kestrel hands over: TCP, TLS or WebSocket.</summary>
public sealed class MqttConnectionHandler(LocalBroker broker, ILogger<MqttConnectionHandler> logger) : ConnectionHandler
{
    /// <summary>Connections that have not said CONNECT yet, beyond as many as there may be clients: after a power cut all clients come at once, and those who are too many are to be told so.</summary>
    private const int MoreStrangers = 128;

    private readonly int _maximumStrangers = broker.Options.Limits.Clients + MoreStrangers;
    private int _strangers;

    /// <inheritdoc />
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            if (await ShakeHandsAsync(connection) is { } accepted)
            {
                await ServeAsync(connection, accepted);
            }
            else
            {
                ConnectionLog.NotAccepted(logger, Name(connection));
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            ConnectionLog.NotAccepted(logger, Name(connection));
        }
        catch (Exception e)
        {
            // One connection's trouble must not be another's.
            ConnectionLog.Unexpected(logger, e, Name(connection));
            connection.Abort();
        }
    }

    private async ValueTask<Accepted?> ShakeHandsAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref _strangers) > _maximumStrangers)
        {
            Interlocked.Decrement(ref _strangers);
            connection.Abort();
            return null;
        }

        try
        {
            // A peer that vanished is found by TCP even if it asked for no Keep Alive.
            connection.Features.Get<IConnectionSocketFeature>()?.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            return await broker.Handshake.RunAsync(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _strangers);
        }
    }

    private async Task ServeAsync(ConnectionContext transport, Accepted accepted)
    {
        var connection = new ClientConnection(transport, accepted.Parameters, broker.Gate, broker.Time);
        var (session, present) = broker.Attach(connection, accepted);
        if (session is null)
        {
            ConnectionLog.Full(logger, accepted.Parameters.Remote, broker.Sessions.Connected, broker.Options.Limits.Clients);
            new ConnAckPacket { ReasonCode = ReasonCode.QuotaExceeded }.Write(transport.Transport.Output, connection.Version);
            await transport.Transport.Output.FlushAsync(transport.ConnectionClosed);
            return;
        }

        var parameters = connection.Parameters;
        ConnectionLog.Connected(logger, LogName.Of(parameters.ClientId), parameters.Remote, connection.Version, present ? "resumed" : "new");
        connection.Control.Add(accepted.Answer with { SessionPresent = present && connection.Version > ProtocolVersion.V310 });
        var dispatcher = new PacketDispatcher(
            connection,
            session,
            new InboundPublish(connection, session, broker, broker.Gate, broker.Counters),
            new InboundSubscribe(connection, session, broker));
        var reader = new ReadLoop(connection, dispatcher, broker.Counters, broker.Budget, broker.Time, broker.Options.Limits.Packet);
        using var keepAlive = new KeepAliveWatch(connection, reader, broker.Time);
        using var stopping = transport.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            .Register(() => connection.Close(ReasonCode.ServerShuttingDown));
        broker.Gate.Add(connection.Control);
        var writing = new WriteLoop(connection, session, broker.Counters).RunAsync();
        try
        {
            await reader.RunAsync();
        }
        finally
        {
            connection.Close(ReasonCode.UnspecifiedError);
            broker.Gate.Remove(connection.Control);
            broker.Sessions.Detach(connection, session, KeepsWill(connection.Cause), Expiry(dispatcher.SessionExpiry));
            if (connection.IsToldWhy && connection.Cause.Reason != ReasonCode.ServerShuttingDown)
            {
                await reader.DrainAsync();
            }

            connection.EndInput();
            await writing;
            connection.Dispose();
            Tell(connection);
        }
    }

    private TimeSpan? Expiry(uint? seconds) =>
        seconds is { } s ? TimeSpan.FromSeconds(Math.Min(s, broker.Options.Limits.SessionExpiry.TotalSeconds)) : null;

    /// <summary>Only a DISCONNECT with Normal disconnection voids the will (MQTT-3.14.4-3).</summary>
    private static bool KeepsWill(CloseCause cause) => cause.ByServer || cause.Reason != ReasonCode.Success;

    private void Tell(ClientConnection connection)
    {
        var (reason, byServer) = connection.Cause;
        var parameters = connection.Parameters;
        if (byServer)
        {
            ConnectionLog.Closed(logger, LogName.Of(parameters.ClientId), parameters.Remote, reason);
        }
        else if (reason == ReasonCode.UnspecifiedError)
        {
            ConnectionLog.Gone(logger, LogName.Of(parameters.ClientId));
        }
        else
        {
            ConnectionLog.Left(logger, LogName.Of(parameters.ClientId));
        }
    }

    private static string Name(ConnectionContext connection) => connection.RemoteEndPoint?.ToString() ?? connection.ConnectionId;
}
