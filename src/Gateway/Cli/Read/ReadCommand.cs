using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway read</c>: registers of a device, once.</summary>
internal static class ReadCommand
{
    private const string Meaning = $"""
        Reads registers of a Modbus device and shows in which ways they can be meant.

        Without --type every register is shown in hexadecimal, unsigned and signed, and every two neighbours as a 32-bit float and integer in all four
        orders of their bytes: the column that makes sense is the order to write into the configuration. Addresses are those of the protocol, from 0.

        A line that the running gateway holds is read through it, between its polls; another one is opened, also without any configuration.

        {LineChoice.Lesson}

          edge-gateway read --link plc --unit 17 holding 100
          edge-gateway read --link plc --unit 17 holding 100 --count 10
          edge-gateway read --link plc --unit 17 input 30 --type float32 --order CDAB --count 3
          edge-gateway read boiler-7 supply-temperature
          edge-gateway read --host 192.0.2.20 --unit 1 holding 0
          edge-gateway read --host 192.0.2.20 --transport tls --ca plant-ca.crt --certificate me.crt --key me.key holding 0
          edge-gateway read --serial-port /dev/ttyUSB0 --baud 9600 --parity none --unit 1 input 0

        Who may: root, the gateway's own user, and the members of its group.
        The exit code is 0 when it was read; 1 when the device refused or nothing answered; 2 for a wrong command line; 78 for a broken configuration.
        """;

    /// <summary>All there are.</summary>
    private const int Most = ushort.MaxValue + 1;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var what = new Argument<string[]>("WHAT") { Description = FieldPlace.Meaning, Arity = new ArgumentArity(1, 2) };
        var choice = new LineChoice();
        var count = LineChoice.Numbered("--count", "How many values; without it one, and its neighbour where both can be one value.", "N", 1, Most);
        var type = RegisterOptions.Type();
        var order = RegisterOptions.Order();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("read", Meaning) { what, count, type, order };
        choice.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            if (FieldPlace.Parse(parsed.GetValue(what)!, out var problem) is not { } place)
            {
                return Task.FromResult(session.Misused(problem!));
            }

            var wanted = new ReadWish(parsed.GetValue(count), RegisterOptions.TypeOf(parsed, type), RegisterOptions.OrderOf(parsed, order), parsed.GetValue(json));
            if (WhyNot(place, wanted) is { } misuse)
            {
                return Task.FromResult(session.Misused(misuse));
            }

            return session.RunAsync(
                place.Device,
                (line, stop) => place.Register is { } register
                    ? new RegisterReading(line, session.Output, session.Error).RunAsync(register, wanted, stop)
                    : new PointReading(line, session.Output, session.Error).RunAsync(place.Point, wanted.Json, stop),
                cancellation);
        });
        return command;
    }

    private static string? WhyNot(FieldPlace place, ReadWish wish)
    {
        if (place.Register is not { } register)
        {
            return wish.Count is not null || wish.Type is not null ? "--count and --type belong to registers; a point has its own in the configuration" : null;
        }

        var width = wish.Type?.Width() ?? 1;
        return wish.Type is not null && register.Space.IsBits() ? $"a {register.Space.Word()} is one bit; leave --type out"
            : register.Address + ((wish.Count ?? 1) * width) > Most ? $"the last register is 65535; {Words.Count(wish.Count ?? 1, "value")} from {register.Address} go beyond it"
            : null;
    }
}

/// <param name="Count">Values; null: nothing was said.</param>
/// <param name="Type">As what; null: as everything.</param>
/// <param name="Order">Of the bytes of a value.</param>
/// <param name="Json">For programs.</param>
internal sealed record ReadWish(int? Count, ModbusType? Type, ByteOrder Order, bool Json);
