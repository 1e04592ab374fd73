namespace Gateway.Adapters.Dbus;

/// <summary>What a message may be at most. Lower than the specification's where nothing that we talk to comes near.</summary>
internal static class DbusLimits
{
    /// <summary>16 MiB of the 128 that are allowed (D-Bus 0.42 "Message Format"): some 10,000 devices in one answer of GetManagedObjects.</summary>
    public const int Message = 16 << 20;

    /// <summary>An array of at most 64 MiB is allowed ("Marshaling: ARRAY"); it cannot be larger than its message.</summary>
    public const int Array = Message;

    /// <summary>Arrays within arrays, and structs within structs ("Valid Signatures").</summary>
    public const int Nesting = 32;

    /// <summary>All containers together, variants included: 32 + 32 ("Message Format").</summary>
    public const int Depth = 64;

    /// <summary>Bytes of a signature ("Marshaling: SIGNATURE").</summary>
    public const int Signature = 255;

    /// <summary>Single values in one message (bytes of an array of bytes do not count): so that a small message cannot become a large tree.</summary>
    public const int Values = 1 << 20;
}
