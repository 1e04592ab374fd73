namespace Gateway.Adapters.Modbus;

/// <summary>What function 8 is asked for (V1.1b3 §6.8.1). Left out: 3 and 4, which change how a device speaks, or silence it.</summary>
public enum DiagnosticFunction : ushort
{
    /// <summary>The device echoes the data.</summary>
    ReturnQueryData = 0,

    /// <summary>The device's port starts anew, with counters cleared; data 0xFF00 clears its log as well.</summary>
    RestartCommunications = 1,
    ReturnDiagnosticRegister = 2,
    ClearCounters = 10,

    /// <summary>Messages that the device has seen on the line, whoever they were for.</summary>
    BusMessages = 11,

    /// <summary>Messages with a wrong checksum.</summary>
    BusErrors = 12,

    /// <summary>Exceptions that the device has answered with.</summary>
    Exceptions = 13,

    /// <summary>Messages for the device, broadcasts included.</summary>
    ServerMessages = 14,

    /// <summary>Messages that it did not answer, broadcasts included.</summary>
    NoResponses = 15,
    NegativeAcknowledges = 16,

    /// <summary>Times that it was busy (exception 6).</summary>
    Busy = 17,
    CharacterOverruns = 18,
    ClearOverruns = 20,
}
