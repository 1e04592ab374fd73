namespace Gateway.Adapters.Dbus;

/// <summary>One message: header fields and body (D-Bus 0.42 "Message Format").</summary>
/// <param name="Kind">Call, answer, error or signal.</param>
internal sealed record DbusMessage(DbusMessageKind Kind)
{
    public DbusFlags Flags { get; init; }

    /// <summary>The sender's number for it, never 0.</summary>
    public uint Serial { get; init; }

    /// <summary>Of answers and errors: the call's number.</summary>
    public uint ReplySerial { get; init; }

    public string? Path { get; init; }

    public string? Interface { get; init; }

    public string? Member { get; init; }

    public string? ErrorName { get; init; }

    public string? Destination { get; init; }

    /// <summary>Unique name of who sent it, as the bus says: nobody can claim another's.</summary>
    public string? Sender { get; init; }

    public IReadOnlyList<DbusValue> Body { get; init; } = [];

    /// <summary>Timestamp of the clock when its last bytes came.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>Bytes on the wire.</summary>
    public int Size { get; init; }

    /// <summary>A value of the body; no value beyond its end.</summary>
    public DbusValue Argument(int index) => index < Body.Count ? Body[index] : default;

    public static DbusMessage Call(string destination, string path, string @interface, string member, params IReadOnlyList<DbusValue> body) =>
        new(DbusMessageKind.Call) { Destination = destination, Path = path, Interface = @interface, Member = member, Body = body };

    public static DbusMessage Signal(string path, string @interface, string member, params IReadOnlyList<DbusValue> body) =>
        new(DbusMessageKind.Signal) { Path = path, Interface = @interface, Member = member, Body = body };

    public DbusMessage Answer(params IReadOnlyList<DbusValue> body) => new(DbusMessageKind.Answer) { ReplySerial = Serial, Destination = Sender, Body = body };

    public DbusMessage Refusal(DbusError error) =>
        new(DbusMessageKind.Error) { ReplySerial = Serial, Destination = Sender, ErrorName = error.Name, Body = [DbusValue.String(error.Text)] };
}

internal enum DbusMessageKind : byte
{
    Call = 1,
    Answer = 2,
    Error = 3,
    Signal = 4,
}

[Flags]
internal enum DbusFlags : byte
{
    None = 0,
    NoReplyExpected = 1,
    NoAutoStart = 2,
    AllowInteractiveAuthorization = 4,
}
