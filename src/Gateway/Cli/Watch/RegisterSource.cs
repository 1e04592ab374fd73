using System.Globalization;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>Neighbouring registers or bits; each register with the one behind it as a float in all orders.</summary>
internal sealed class RegisterSource(RegisterReader reader, RegisterRange range) : IWatchSource
{
    public IReadOnlyList<string> Heads { get; } =
        range.Space.IsBits() ? ["ADDRESS", "VALUE"] : ["ADDRESS", "HEX", "\tUNSIGNED", "\tSIGNED", .. RegisterText.Orders.Select(static (o, i) => i == 0 ? $"\tfloat32 {o.Word()}" : $"\t{o.Word()}")];

    public async Task<WatchRound> ReadAsync(CancellationToken cancellation)
    {
        var reply = await reader.ReadAsync(range, cancellation).ConfigureAwait(false);
        return reply.IsOk ? new([.. Enumerable.Range(0, range.Count).Select(i => Row(i, reply.Values.ToArray()))], null) : new([], reply.Line);
    }

    private WatchRow Row(int index, byte[] values)
    {
        var place = $"{range.Space.Word()} {range.Address + index}";
        if (range.Space.IsBits())
        {
            var on = RegisterTables.Bit(values, index);
            var word = on ? "on" : "off";
            return new(place, word, [place, word], $"{place}  {word}", on);
        }

        var wire = values.AsSpan(index * 2, 2);
        var (hex, unsigned, signed) = (RegisterText.Hex(wire), RegisterText.Unsigned(wire), RegisterText.Signed(wire));
        var floats = index + 1 < range.Count ? RegisterText.Orders.Select(o => RegisterText.Float(values.AsSpan(index * 2, 4), o)) : RegisterText.Orders.Select(static _ => "");
        return new(
            place, hex, [place, hex, unsigned.ToString(CultureInfo.InvariantCulture), signed.ToString(CultureInfo.InvariantCulture), .. floats],
            $"{place}  {hex}  {unsigned}{(signed < 0 ? $"  {signed}" : "")}", (int)unsigned);
    }
}
