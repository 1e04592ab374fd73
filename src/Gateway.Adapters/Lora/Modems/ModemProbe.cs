using System.Text;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Lora;

/// <param name="Makes">What it can be: the answer of some makes does not tell their models apart.</param>
/// <param name="Baud">At which it answered.</param>
/// <param name="Answer">What it said.</param>
public sealed record FoundModem(IReadOnlyList<ModemMake> Makes, int Baud, string Answer);

/// <summary>Finds out which make is on a port. Politely: it only asks what changes nothing, and only at the speeds that makers ship with.</summary>
public static class ModemProbe
{
    /// <summary>What makers ship with, and older RAK3172.</summary>
    public static IReadOnlyList<int> Bauds { get; } = [115_200, 57_600, 9_600];

    /// <summary>600 ms: a modem answers within a few milliseconds, an adapter adds sixteen.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(600);

    private static readonly string[] s_questions = ["AT", "sys get ver"];

    /// <param name="path">The port.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told of each speed that is tried.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The modem; or why the port cannot be used; or neither: nobody answered.</returns>
    public static async Task<(FoundModem? Modem, SerialFault? Fault)> FindAsync(string path, TimeProvider time, Action<int> progress, CancellationToken cancellation)
    {
        foreach (var baud in Bauds)
        {
            progress(baud);
            var (port, fault) = SerialPort.Open(new(path, baud));
            if (port is null)
            {
                return (null, fault);
            }

            await using var owned = port;
            foreach (var question in s_questions)
            {
                // An empty line first: what stands in its buffer from before is not to become a part of the question.
                if (await port.WriteAsync(Encoding.ASCII.GetBytes($"\r\n{question}\r\n"), cancellation) is { } broken)
                {
                    return (null, broken);
                }

                if (Recognise(await ListenAsync(port, time, cancellation)) is { } found)
                {
                    return (found with { Baud = baud }, null);
                }
            }
        }

        return (null, null);
    }

    /// <summary>Which make answers so; null: none that is known.</summary>
    public static FoundModem? Recognise(string answer)
    {
        foreach (var line in answer.Split('\n').Select(static l => l.Trim('\r', ' ', '\0')))
        {
            IReadOnlyList<ModemMake>? makes = line switch
            {
                "+OK" or "+READY" => [ModemMake.Rylr998, ModemMake.Rylr896],
                _ when line.StartsWith("+ERR=", StringComparison.Ordinal) => [ModemMake.Rylr998, ModemMake.Rylr896],
                "+AT: OK" => [ModemMake.LoraE5],
                "OK" or "AT_ERROR" => [ModemMake.Rak3172],
                _ when line.StartsWith("RN2483 ", StringComparison.Ordinal) => [ModemMake.Rn2483],
                _ when line.StartsWith("RN2903 ", StringComparison.Ordinal) => [ModemMake.Rn2903],
                _ => null,
            };
            if (makes is not null)
            {
                return new(makes, 0, line);
            }
        }

        return null;
    }

    private static async Task<string> ListenAsync(SerialPort port, TimeProvider time, CancellationToken cancellation)
    {
        var answer = new StringBuilder();
        using var patience = new CancellationTokenSource(s_patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            while (answer.Length < 4096)
            {
                var read = await port.Input.ReadAsync(both.Token);
                answer.Append(Encoding.Latin1.GetString(read.Buffer));
                port.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // That is all it says.
        }

        return answer.ToString();
    }
}
