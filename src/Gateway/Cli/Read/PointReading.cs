using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>read boiler-7 setpoint</c>: points of the configuration, each with its own request, so that a refusal names the point it concerns.</summary>
internal sealed class PointReading(OpenLine line, TextWriter output, TextWriter error)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string? id, bool asJson, CancellationToken cancellation)
    {
        var points = PointReader.Find(line.Device!, id);
        var access = new RegisterAccess(line.Access, line.Unit, TimeProvider.System);
        var table = new TextTable("POINT", "ADDRESS", "HEX", "\tVALUE", "UNIT");
        var list = new JsonArray();
        var failed = 0;
        foreach (var point in points)
        {
            var reply = await access.ReadAsync(PointReader.RangeOf(point), cancellation).ConfigureAwait(false);
            var value = reply.IsOk ? PointReader.Decode(point, reply.Values.Span) : PointValue.None;
            list.Add((JsonNode)Document(point, reply, value));
            if (reply.IsOk)
            {
                table.Add(point.Id, point.Address.ToString(), RegisterText.Hex(reply.Values.Span), RegisterTables.Shown(value), Words.Safe(point.Unit ?? ""));
                continue;
            }

            failed++;
            error.WriteLine($"edge-gateway: {line.Heading}: {point.Id}, {point.Address}: {reply.Line}");
            if (reply.Outcome != FieldOutcome.Answered)
            {
                // Nobody is there: the other points would only take the same time to say so.
                break;
            }
        }

        if (asJson)
        {
            var document = RegisterJson.Head(line);
            document["device"] = line.Device!.Id;
            document["points"] = list;
            output.WriteLine(JsonOutput.Of(document));
        }
        else if (failed < points.Count)
        {
            output.WriteLine(line.Heading);
            foreach (var text in table.Lines())
            {
                output.WriteLine(text);
            }
        }

        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static JsonObject Document(PointOptions point, RegisterReply reply, PointValue value) => new()
    {
        ["point"] = point.Id,
        ["address"] = point.Address.ToString(),
        ["hex"] = reply.IsOk ? Convert.ToHexString(reply.Values.Span) : null,
        ["value"] = RegisterJson.Number(value),
        ["unit"] = point.Unit,
        ["problem"] = reply.Reason,
        ["remedy"] = reply.Remedy,
    };
}
