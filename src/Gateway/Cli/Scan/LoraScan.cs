using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Adapters.Lora;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>One scan for LoRa: for a modem, or for what a modem hears.</summary>
internal sealed class LoraScan(TextWriter output, TextWriter error, bool asJson)
{
    private readonly SortedDictionary<int, (long Count, HeardNode Last)> _nodes = [];
    private readonly Dictionary<int, string> _known = [];
    private readonly Lock _lock = new();

    /// <returns>The exit code.</returns>
    public async Task<int> FindAsync(string path, CancellationToken cancellation)
    {
        using var stop = new StopSignals(cancellation);
        try
        {
            var (modem, fault) = await ModemProbe.FindAsync(path, TimeProvider.System, baud => error.WriteLine($"edge-gateway: asking at {baud} baud"), stop.Token).ConfigureAwait(false);
            if (modem is null)
            {
                error.WriteLine(fault is null
                    ? $"edge-gateway: nobody answers on {path}; check power and wiring (TX to RX); an ebyte module does not answer, its registers are set with its maker's tool"
                    : $"edge-gateway: {path}: {fault.Reason}; {fault.Remedy}");
                return ExitCode.Failed;
            }

            Show(path, modem);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCode.Failed;
        }
    }

    /// <param name="options">The link.</param>
    /// <param name="devices">Its devices, which need not be pasted any more.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancellation">Ends it earlier.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ListenAsync(LoraOptions options, IReadOnlyList<DeviceOptions> devices, TimeSpan limit, CancellationToken cancellation)
    {
        foreach (var device in devices)
        {
            if (device.Address is LoraDevice { Node: { } node })
            {
                _known[node] = device.Id;
            }
        }

        using var stop = new StopSignals(cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        end.CancelAfter(limit);
        var hearing = new LoraHearing(options, TimeProvider.System) { OnHeard = Hear, OnChanged = (reason, remedy) => Tell(options, reason, remedy) };
        await hearing.RunAsync(end.Token).ConfigureAwait(false);
        lock (_lock)
        {
            return Conclude(options);
        }
    }

    private static string Word(ModemMake make) => make switch
    {
        ModemMake.LoraE5 => "lora-e5",
        _ => make.ToString().ToLowerInvariant(),
    };

    private static string Number(decimal? number) => number?.ToString("0.#", CultureInfo.InvariantCulture) ?? "";

    private void Show(string path, FoundModem modem)
    {
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonObject { ["serial-port"] = path, ["modems"] = new JsonArray([.. modem.Makes.Select(m => (JsonNode)Word(m))]), ["baud"] = modem.Baud, ["answer"] = modem.Answer }));
            return;
        }

        output.WriteLine(Words.Safe($"{path}: {string.Join(" or ", modem.Makes.Select(Word))} at {modem.Baud} baud (it says \"{modem.Answer}\")"));
        output.WriteLine();
        output.WriteLine("to paste; frequency and spreading-factor are those of your nodes:");
        output.WriteLine("links:");
        output.WriteLine($"  - {{ id: field, type: lora, modem: {Word(modem.Makes[0])}, serial-port: {path}, baud: {modem.Baud}, region: eu868, frequency: 868.1MHz, spreading-factor: 9, unknown: list }}");
    }

    private void Tell(LoraOptions options, string? reason, string? remedy) =>
        error.WriteLine(reason is null ? $"edge-gateway: the modem on {options.Address} listens" : $"edge-gateway: {options.Address}: {reason}; {remedy}");

    private void Hear(HeardNode heard)
    {
        lock (_lock)
        {
            var key = heard.Node ?? -1;
            _nodes[key] = ((_nodes.TryGetValue(key, out var known) ? known.Count : 0) + 1, heard);
            if (!asJson)
            {
                output.WriteLine(Words.Safe($"node {heard.Node?.ToString(CultureInfo.InvariantCulture) ?? "?"}{(heard.Node is { } node && _known.TryGetValue(node, out var device) ? $" ({device})" : "")}  {Number(heard.Rssi)} dBm  {Number(heard.Snr)} dB  {Convert.ToHexString(heard.Payload.Span)}  {heard.Note ?? heard.Values}"));
                output.Flush();
            }
        }
    }

    private int Conclude(LoraOptions options)
    {
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonArray([.. _nodes.Values.Select(n => (JsonNode)new JsonObject
            {
                ["node"] = n.Last.Node,
                ["device"] = n.Last.Node is { } node && _known.TryGetValue(node, out var device) ? device : null,
                ["count"] = n.Count,
                ["rssi"] = n.Last.Rssi,
                ["snr"] = n.Last.Snr,
                ["payload"] = Convert.ToHexString(n.Last.Payload.Span),
                ["values"] = n.Last.Values,
                ["note"] = n.Last.Note,
            })])));
        }
        else if (_nodes.Keys.Any(k => k >= 0 && !_known.ContainsKey(k)))
        {
            output.WriteLine();
            output.WriteLine("to paste; each device's points are what it says:");
            output.WriteLine("devices:");
            foreach (var node in _nodes.Keys.Where(k => k >= 0 && !_known.ContainsKey(k)))
            {
                output.WriteLine($"  - {{ id: node-{node}, link: {options.Id}, node: {node} }}");
            }
        }

        if (_nodes.Count == 0)
        {
            error.WriteLine("edge-gateway: nobody was heard; compare frequency, spreading-factor, bandwidth, network-id and sync word with the nodes', or listen longer with --for 10m");
        }

        return _nodes.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
