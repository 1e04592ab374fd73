using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.FieldTools;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Finds the lines of a field tool and opens them: asks the running gateway first, so that a line never has a second owner.</summary>
internal sealed class LineOpening(ParseResult parsed, LineChoice choice, IReadOnlyList<IAdapterType> catalog, TextWriter error) : IDisposable
{
    /// <summary>Registers in one request where nothing else is known.</summary>
    private const int Limit = ModbusLimits.ReadRegisters;

    private readonly SemaphoreSlim _once = new(1);
    private Surroundings? _known;

    /// <param name="deviceId">A device of the configuration; null: none is named.</param>
    /// <param name="body">Returns the exit code.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="instead">A line instead of the one that the options describe; null: that one. Several may be open at the same time.</param>
    public async Task<int> RunAsync(string? deviceId, Func<OpenLine, CancellationToken, Task<int>> body, CancellationToken cancellation, ModbusLinkOptions? instead = null)
    {
        var adHoc = instead ?? choice.AdHocOf(parsed);
        var (configuration, client, problems) = await KnowAsync(adHoc is not null, cancellation).ConfigureAwait(false);
        if (configuration is null && adHoc is null)
        {
            problems.WriteTo(error);

            return ExitCode.BadConfiguration;
        }

        var device = deviceId is null ? null : configuration?.Devices.FirstOrDefault(d => d.Id == deviceId) ?? throw NoDevice(deviceId, configuration);
        var link = adHoc ?? device?.Link ?? LinkOf(configuration!);
        if (link is not ModbusLinkOptions modbus)
        {
            throw new ControlException(ControlProblem.BadRequest, $"{link.Id} is a {link.Type} link and has no registers", "name a Modbus link");
        }

        modbus = choice.TimeoutOf(parsed) is { } timeout ? modbus with { Timeout = timeout } : modbus;
        var unit = (byte?)parsed.GetValue(choice.Unit) ?? (device?.Address as ModbusDevice)?.UnitId ?? OnlyUnit(configuration, link) ?? ModbusDevice.DefaultUnitId;
        if (client is not null && await HeldAsync(client, adHoc is null ? link.Id : null, modbus, cancellation).ConfigureAwait(false) is { } held)
        {
            return await body(Open(held.Link, held.Address, isHeld: true, new RemoteField(client, held.Link)), cancellation).ConfigureAwait(false);
        }

        var type = catalog.First(t => t.Type == link.Type);
        await using var own = await OwnLine.OpenAsync(type, modbus).ConfigureAwait(false) ?? throw NoTools(link);
        return await body(Open(adHoc is null ? link.Id : null, link.Address, isHeld: false, own.Access), cancellation).ConfigureAwait(false);

        OpenLine Open(string? name, string address, bool isHeld, IFieldAccess access) => new(name, address, isHeld, access, unit, device, Math.Min(((device?.Address as ModbusDevice)?.Plan ?? PlanOverrides.None).Over(modbus.Limits).MaxRegisters, Limit), modbus);
    }

    public void Dispose()
    {
        _known?.Client?.Dispose();
        _once.Dispose();
    }

    /// <summary>Looks once.</summary>
    private async ValueTask<Surroundings> KnowAsync(bool isAdHoc, CancellationToken cancellation)
    {
        await _once.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _known ??= await LookAsync(isAdHoc, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<Surroundings> LookAsync(bool isAdHoc, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var sources = ConfigurationFiles.Read(parsed.GetValue(choice.Config)!, problems);
        var configuration = ConfigurationLoader.Load(sources, catalog, problems);
        if (configuration is null && !isAdHoc)
        {
            return new(null, null, problems);
        }

        // Also with a broken configuration: a gateway may run with the last good one.
        string[] folders = configuration is null ? [.. LastGood.DataFolders(sources)] : [configuration.Gateway.Data];
        return new(configuration, await FindAsync(folders, isAdHoc, cancellation).ConfigureAwait(false), problems);
    }

    private LinkOptions LinkOf(GatewayConfiguration configuration)
    {
        var known = configuration.Links.Select(static l => l.Id).ToList();
        if (choice.LinkOf(parsed) is { } id)
        {
            return configuration.Links.FirstOrDefault(l => l.Id == id) ?? throw new ControlException(
                ControlProblem.NotFound, $"there is no link {id} in the configuration",
                NearestKey.Of(id, known) is { } nearest ? $"the nearest name is {nearest}" : known.Count == 0 ? "add it to links, or describe the line with --host or --serial-port" : $"there are {string.Join(", ", known)}");
        }

        return known.Count == 1 ? configuration.Links[0] : throw new ControlException(
            ControlProblem.BadRequest, known.Count == 0 ? "the configuration has no links" : $"the configuration has several links: {string.Join(", ", known)}",
            "name the line: --link ID, --host HOST[:PORT] or --serial-port PATH");
    }

    private static byte? OnlyUnit(GatewayConfiguration? configuration, LinkOptions link) =>
        configuration?.Devices.Where(d => d.Link.Id == link.Id).Select(static d => (d.Address as ModbusDevice)?.UnitId).Distinct().ToList() is [{ } only] ? only : null;

    private async Task<ControlClient?> FindAsync(string[] folders, bool isAdHoc, CancellationToken cancellation)
    {
        foreach (var folder in folders)
        {
            var (client, denied) = await ControlClient.FindAsync(folder, cancellation).ConfigureAwait(false);
            if (client is not null)
            {
                return client;
            }

            if (denied is not null && !isAdHoc)
            {
                throw ControlException.Denied(denied);
            }
        }

        return null;
    }

    /// <summary>The line as the running gateway holds it; null: it does not.</summary>
    private static async Task<FieldLine?> HeldAsync(ControlClient client, string? id, ModbusLinkOptions link, CancellationToken cancellation)
    {
        var lines = await client.AskAsync(HttpMethod.Get, FieldLinksRoute.Path, FieldJson.Lines.IReadOnlyListFieldLine, cancellation).ConfigureAwait(false);
        var held = id is not null ? lines.FirstOrDefault(l => l.Link == id) : lines.FirstOrDefault(l => SameLine.Is(link, l.Type, l.Address));
        if (held is null)
        {
            return null;
        }

        if (id is null && (held.Type != link.Type || !SameLine.IsAlike(link, held.Address)))
        {
            throw new ControlException(ControlProblem.Unavailable, $"the running gateway holds this line, as {held.Type} link {held.Link} ({held.Address})", $"use it as it is with --link {held.Link}, or stop the gateway");
        }

        return held.IsOpenToTools ? held : throw NoTools(link);
    }

    private static ControlException NoDevice(string id, GatewayConfiguration? configuration) => new(
        ControlProblem.NotFound, $"there is no device {id} in the configuration",
        configuration is null ? "it has problems: edge-gateway check names them"
            : NearestKey.Of(id, configuration.Devices.Select(static d => d.Id)) is { } nearest ? $"the nearest name is {nearest}"
            : "name a register instead, for example: holding 100");

    private static ControlException NoTools(LinkOptions link) => new(ControlProblem.BadRequest, $"a {link.Type} link takes no requests of tools", "name another link");

    /// <param name="Configuration">null: it is broken.</param>
    /// <param name="Client">The running gateway; null: none does.</param>
    /// <param name="Problems">Of the configuration.</param>
    private sealed record Surroundings(GatewayConfiguration? Configuration, ControlClient? Client, ProblemList Problems);
}
