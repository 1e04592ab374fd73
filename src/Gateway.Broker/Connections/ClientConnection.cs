using System.IO.Pipelines;
using Gateway.Mqtt;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Broker;

/// <summary>One connected client: what its two loops share.</summary>
internal sealed class ClientConnection
{
    /// <summary>How long a DISCONNECT may take to reach a client that does not read.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private readonly ConnectionContext _transport;
    private readonly TimeProvider _time;
    private ITimer? _abort;
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _claimed;
    private int _closing;

    public ClientConnection(ConnectionContext transport, ClientParameters parameters, DurabilityGate gate, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        Parameters = parameters;
        Control = new ControlBuffer(gate, parameters, Writer);
    }

    public ClientParameters Parameters { get; }

    public ProtocolVersion Version => Parameters.Version;

    public PipeReader Input => _transport.Transport.Input;

    public PipeWriter Output => _transport.Transport.Output;

    /// <summary>There is something to write.</summary>
    public AsyncSignal Writer { get; } = new();

    /// <summary>The writer has made room in <see cref="Control"/>.</summary>
    public AsyncSignal Reader { get; } = new();

    public ControlBuffer Control { get; }

    /// <summary>The client has stopped sending, or has had its time to: the socket may be closed without cutting off the DISCONNECT.</summary>
    public Task Quiet => _quiet.Task;

    /// <summary>A client that is told why (§4.13.2).</summary>
    public bool IsToldWhy => Version == ProtocolVersion.V500 && Cause.ByServer;

    public bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>Why it ends; valid once <see cref="IsClosing"/>.</summary>
    public CloseCause Cause { get; private set; }

    /// <summary>The server ends it: DISCONNECT with this reason on 5.0, then the connection is closed. Any thread; only the first counts.</summary>
    public void Close(ReasonCode reason) => Close(new CloseCause(reason, ByServer: true));

    public void Close(CloseCause cause)
    {
        if (Interlocked.CompareExchange(ref _claimed, 1, 0) != 0)
        {
            return;
        }

        Cause = cause;
        Volatile.Write(ref _closing, 1);
        _abort = _time.CreateTimer(static state => ((ConnectionContext)state!).Abort(), _transport, s_farewell, Timeout.InfiniteTimeSpan);
        Writer.Set();
        Reader.Set();
        Input.CancelPendingRead();
    }

    public void EndInput() => _quiet.TrySetResult();

    /// <summary>Both loops have ended.</summary>
    public void Dispose() => _abort?.Dispose();
}

/// <summary>Why a connection ends.</summary>
/// <param name="Reason">For a client that left by itself, what it said.</param>
/// <param name="ByServer">The server tells the client.</param>
internal readonly record struct CloseCause(ReasonCode Reason, bool ByServer);

/// <summary>What was agreed in CONNECT and CONNACK.</summary>
/// <param name="Version">Protocol version.</param>
/// <param name="ClientId">Client identifier, assigned or its own.</param>
/// <param name="Remote">For logs.</param>
/// <param name="KeepAlive">Seconds; 0: none.</param>
/// <param name="MaximumPacketSize">Bytes of the largest packet that the client takes (MQTT 5.0 §3.1.2.11.4).</param>
/// <param name="AckLimit">Publishes of the client that may wait for an acknowledgement: our Receive Maximum.</param>
/// <param name="SessionExpiry">Agreed in CONNECT.</param>
/// <param name="Identity">As whom it was let in.</param>
/// <param name="IsBridge">The bridge bit of the protocol level: before 5.0 the only way to ask for No Local and Retain As Published.</param>
internal sealed record ClientParameters(
    ProtocolVersion Version, string ClientId, string Remote, ushort KeepAlive, long MaximumPacketSize, int AckLimit, TimeSpan SessionExpiry,
    ClientIdentity Identity, bool IsBridge);
