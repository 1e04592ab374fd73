using System.CommandLine;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary><c>--type</c> and <c>--order</c> of the field tools.</summary>
internal static class RegisterOptions
{
    private static readonly ByteOrder[] s_orders = [.. ByteOrders.Common, .. ByteOrders.OfFourRegisters];

    public static Option<string?> Type() => new Option<string?>("--type")
    {
        Description = $"How registers are understood: {string.Join(", ", RegisterText.Types.Select(static t => t.Word()))}.",
        HelpName = "TYPE",
    }.AcceptOnlyFromAmong([.. RegisterText.Types.Select(static t => t.Word())]);

    public static Option<string?> Order() => new Option<string?>("--order")
    {
        Description = "Order of the bytes of a value, as in the configuration: ABCD (unless named), CDAB, BADC, DCBA; of 64 bits others as well.",
        HelpName = "ORDER",
    }.AcceptOnlyFromAmong([.. s_orders.Select(static o => o.Word())]);

    public static ModbusType? TypeOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } word ? RegisterText.Types.First(t => t.Word() == word) : null;

    public static ByteOrder OrderOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } word ? s_orders.First(o => o.Word() == word) : ByteOrder.Abcd;
}
