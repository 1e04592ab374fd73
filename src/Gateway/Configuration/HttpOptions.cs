namespace Gateway;

/// <summary>The <c>http</c> section: where metrics and health are served.</summary>
public sealed record HttpOptions
{
    /// <summary>Only for this machine: figures tell strangers what runs here.</summary>
    public const string DefaultBind = "127.0.0.1";

    /// <summary>Free in Prometheus' list of default ports.</summary>
    public const int DefaultPort = 9883;

    public bool Enabled { get; init; } = true;

    public string Bind { get; init; } = DefaultBind;

    /// <summary>0 takes one that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Nobody asked for it: a port that is taken then is told and left, instead of ending the start.</summary>
    public bool IsDefault { get; init; }
}
