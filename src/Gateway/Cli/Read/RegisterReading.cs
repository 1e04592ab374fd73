using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary><c>read holding 100</c>: registers by their addresses.</summary>
internal sealed class RegisterReading(OpenLine line, TextWriter output, TextWriter error)
{
    /// <summary>Registers that the widest interpretation without a type takes.</summary>
    private const int Pair = 2;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(RegisterAddress at, ReadWish wish, CancellationToken cancellation)
    {
        var width = wish.Type?.Width() ?? 1;
        var isBits = at.Space.IsBits();
        var isOpen = wish is { Count: null, Type: null } && !isBits && at.Address < ushort.MaxValue;
        var range = new RegisterRange(at.Space, at.Address, isOpen ? Pair : (wish.Count ?? 1) * width);
        var reader = new RegisterReader(new RegisterAccess(line.Access, line.Unit, TimeProvider.System), line.Limit / width * width);
        var reply = await reader.ReadAsync(range, cancellation).ConfigureAwait(false);
        if (isOpen && reply.IsHole)
        {
            range = range with { Count = 1 };
            reply = await reader.ReadAsync(range, cancellation).ConfigureAwait(false);
        }

        if (!reply.IsOk)
        {
            error.WriteLine($"edge-gateway: {line.Heading}: {range}: {reply.Line}");
            return ExitCode.Failed;
        }

        if (wish.Json)
        {
            output.WriteLine(JsonOutput.Of(RegisterJson.Of(line, range, reply.Values.Span, wish)));
            return ExitCode.Done;
        }

        output.WriteLine(line.Heading);
        foreach (var text in isBits ? RegisterTables.Bits(range, reply.Values.Span)
            : wish.Type is { } type ? RegisterTables.Values(range, reply.Values.Span, type, wish.Order)
            : RegisterTables.Everything(range, reply.Values.Span))
        {
            output.WriteLine(text);
        }

        return ExitCode.Done;
    }
}
