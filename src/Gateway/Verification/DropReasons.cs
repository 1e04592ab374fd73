namespace Gateway.Verification;

/// <summary>Why gateways say that they dropped something, as small numbers; 0 stands for "received".</summary>
internal sealed class DropReasons
{
    /// <summary>The kind of a number that came.</summary>
    public const byte Received = 0;

    /// <summary>A newer message of the same retained topic took its place: nothing is lost that still counts.</summary>
    public const string Superseded = "superseded";

    /// <summary>What stands for a reason that cannot be one, and for those beyond the sixteenth.</summary>
    private const string Other = "other";

    private const int Most = 16;

    private readonly List<string> _names = ["", Other, Superseded];

    public string this[byte kind] => _names[kind];

    public byte KindOf(string reason)
    {
        var at = _names.IndexOf(reason, 1);
        if (at < 0 && _names.Count < Most && reason.Length <= 32 && MessageIdentity.IsName(reason))
        {
            at = _names.Count;
            _names.Add(reason);
        }

        return at < 0 ? (byte)1 : (byte)at;
    }
}
