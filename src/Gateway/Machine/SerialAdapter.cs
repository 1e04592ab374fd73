namespace Gateway.Machine;

/// <summary>A serial line of this machine.</summary>
/// <param name="Device"><c>/dev/ttyUSB0</c>: may be another after a replug.</param>
/// <param name="ById">The path that stays with the adapter, for <c>serial-port</c>; null: there is none (an on-board UART).</param>
/// <param name="Driver">The kernel's driver.</param>
/// <param name="Product">What the adapter says it is.</param>
/// <param name="Holder">Who has it open; null: nobody that this user can see.</param>
/// <param name="Problem">Why it cannot be used now; null: it can.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record SerialAdapter(string Device, string? ById, string? Driver, string? Product, string? Holder, string? Problem, string? Remedy)
{
    /// <summary>What to write as <c>serial-port</c>.</summary>
    public string Path => ById ?? Device;
}
