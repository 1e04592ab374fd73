using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>A point that is a characteristic's value, or a part of it.</summary>
/// <param name="At">The characteristic.</param>
/// <param name="Layout">How its bytes are understood; null: as Bluetooth SIG says for its UUID.</param>
/// <param name="Field">Which of its values, where the standard has several; null: the first.</param>
/// <param name="IsNotified">The device tells it, connected all the time; false: it is read every so often.</param>
public sealed record GattPoint(GattAddress At, LayoutField? Layout, string? Field, bool IsNotified) : PointAddress
{
    public override bool IsPolled => !IsNotified;

    public override string ToString() => $"characteristic {At}{(Layout is { } layout ? $" {layout.Shape}" : Field is null ? "" : $" {Field}")}";
}
