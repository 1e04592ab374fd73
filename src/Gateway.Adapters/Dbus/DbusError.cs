namespace Gateway.Adapters.Dbus;

/// <summary>Why a call has no answer: what the peer or the bus said, or what happened on the way.</summary>
/// <param name="Name">As D-Bus names it (<c>org.bluez.Error.NotReady</c>).</param>
/// <param name="Text">For people; may be empty.</param>
internal sealed record DbusError(string Name, string Text)
{
    public const string NoReply = "org.freedesktop.DBus.Error.NoReply";
    public const string Disconnected = "org.freedesktop.DBus.Error.Disconnected";
    public const string LimitsExceeded = "org.freedesktop.DBus.Error.LimitsExceeded";
    public const string AccessDenied = "org.freedesktop.DBus.Error.AccessDenied";
    public const string AuthFailed = "org.freedesktop.DBus.Error.AuthFailed";
    public const string ServiceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown";
    public const string NameHasNoOwner = "org.freedesktop.DBus.Error.NameHasNoOwner";
    public const string NoServer = "org.freedesktop.DBus.Error.NoServer";
    public const string BadAddress = "org.freedesktop.DBus.Error.BadAddress";
    public const string UnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";
    public const string UnknownObject = "org.freedesktop.DBus.Error.UnknownObject";
    public const string UnknownInterface = "org.freedesktop.DBus.Error.UnknownInterface";
    public const string UnknownProperty = "org.freedesktop.DBus.Error.UnknownProperty";
    public const string PropertyReadOnly = "org.freedesktop.DBus.Error.PropertyReadOnly";
    public const string InvalidArgs = "org.freedesktop.DBus.Error.InvalidArgs";
    public const string InconsistentMessage = "org.freedesktop.DBus.Error.InconsistentMessage";

    /// <summary>Its text, or its name without one.</summary>
    public override string ToString() => Text.Length > 0 ? Text : Name;
}

/// <summary>What came of a call.</summary>
/// <param name="Reply">The answer; null with an error.</param>
/// <param name="Error">Why there is none; null with one.</param>
internal readonly record struct DbusReply(DbusMessage? Reply, DbusError? Error)
{
    /// <summary>A value of the answer's body; no value beyond its end.</summary>
    public DbusValue Argument(int index) => Reply?.Argument(index) ?? default;
}
