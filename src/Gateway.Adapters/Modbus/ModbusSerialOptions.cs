using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A Modbus line on a serial port.</summary>
public abstract record ModbusSerialOptions(string Id, string Type, SourcePosition Position) : ModbusLinkOptions(Id, Type, Position)
{
    /// <summary>19200, even parity: what a device must speak by default (Modbus over Serial Line V1.02 §2.5.1).</summary>
    public const int DefaultBaud = 19200;

    /// <summary>500 ms: a reply that is late by as much is still not taken for that of another request.</summary>
    public static readonly TimeSpan DefaultLateReplyGuard = TimeSpan.FromMilliseconds(500);

    public required SerialSettings Serial { get; init; }

    /// <summary>After a request without an answer: how long that unit is left alone, because its late reply cannot be told from the next one's.</summary>
    public TimeSpan LateReplyGuard { get; init; } = DefaultLateReplyGuard;

    public override string Address => $"{Serial.Path} {Serial.Format}";

    public override bool IsSerialLine => true;

    public override string? DeviceNode => Serial.Path;

    /// <summary>1 s: looking whether the adapter is plugged in again costs nothing and disturbs nobody.</summary>
    public override TimeSpan LongestRetry => TimeSpan.FromSeconds(1);
}
