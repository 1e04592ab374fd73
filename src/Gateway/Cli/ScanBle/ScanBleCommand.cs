using System.CommandLine;
using Gateway.Adapters.Ble;
using Gateway.Configuration;
using Gateway.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan ble</c>.</summary>
internal static class ScanBleCommand
{
    private const string Meaning = """
        Listens for Bluetooth Low Energy devices: who is there, how strong and how often, what they say, and the YAML to paste.

        At a terminal it shows a list that is kept up to date until Ctrl+C; otherwise it listens for 20 s, or --for. It only listens: it connects to nobody.
        The controller is shared with other programs, the running gateway too. Devices of the configuration are decoded with their keys.
        The nearest are on top: hold the sensor beside the gateway to find it.

          edge-gateway scan ble
          edge-gateway scan ble --controller hci1 --for 2m
          edge-gateway scan ble --for 30s --json | jq '.[] | select(.decoder == "bthome")'

        The exit code is 0 when something was heard, 1 when nothing was, or there is no radio.
        """;

    private static readonly TimeSpan s_default = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(500);

    private static readonly DurationKind s_duration = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var controller = new Option<string?>("--controller") { Description = "Its name (hci0) or address; without it the configuration's, or the first.", HelpName = "NAME" };
        var passive = new Option<bool>("--passive") { Description = "Ask nobody for more than it says by itself: no names, and needs a bluetoothd with experimental features." };
        var duration = new Option<string?>("--for") { Description = "How long, for example 30s or 5m.", HelpName = "DURATION" };
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: one document at the end." };
        var command = new TaughtCommand("ble", Meaning) { controller, passive, duration, config, json };
        command.SetAction((parsed, cancellation) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            TimeSpan? limit = null;
            if (parsed.GetValue(duration) is { } text)
            {
                if (!s_duration.TryParse(text, out var given))
                {
                    error.WriteLine($"edge-gateway: --for {text}: not {s_duration.Name}; write for example 30s or 5m");
                    return Task.FromResult(ExitCode.WrongUsage);
                }

                limit = given;
            }

            // It helps to know the configuration; a scan needs none.
            var (configuration, _) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            var link = configuration?.Links.OfType<BleOptions>().FirstOrDefault();
            var options = new BleOptions("scan", new SourcePosition("", 0, 0))
            {
                Controller = parsed.GetValue(controller) ?? link?.Controller,
                Scan = parsed.GetValue(passive) ? BleScan.Passive : BleScan.Active,
            };
            var scan = new Listening(
                catalog.OfType<BleAdapterType>().First(), options, Known(configuration), link?.Id, parsed.InvocationConfiguration.Output, error, parsed.GetValue(json));
            return scan.RunAsync(limit, cancellation);
        });
        return command;
    }

    private static Dictionary<BleAddress, KnownBleDevice> Known(GatewayConfiguration? configuration)
    {
        var known = new Dictionary<BleAddress, KnownBleDevice>();
        foreach (var device in configuration?.Devices ?? [])
        {
            if (device.Address is BleDevice { Address: { } address } ble)
            {
                known[address] = new(device.Id, ble);
            }
        }

        return known;
    }

    /// <summary>One scan: listens, shows, concludes.</summary>
    private sealed class Listening(
        BleAdapterType type, BleOptions options, IReadOnlyDictionary<BleAddress, KnownBleDevice> known, string? link, TextWriter output, TextWriter error, bool asJson)
    {
        public async Task<int> RunAsync(TimeSpan? limit, CancellationToken cancellation)
        {
            var time = TimeProvider.System;
            var isLive = !asJson && LiveScreen.IsPossible(output);
            var told = new HashSet<string>(StringComparer.Ordinal);
            var hearing = new BleHearing(known, time) { OnState = state => Tell(state, isLive, told) };
            using var metrics = new BleMetrics(options.Id);
            await using var radio = type.Radio(options, metrics, time, NullLogger.Instance);
            using var stop = new StopSignals(cancellation);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            if ((limit ?? (isLive ? null : s_default)) is { } most)
            {
                end.CancelAfter(most);
            }

            var listening = radio.RunAsync(hearing, end.Token);
            if (isLive)
            {
                using var screen = new LiveScreen(output);
                await screen.ShowAsync(new BleScanView(hearing, time).Picture, s_pace, end.Token).ConfigureAwait(false);
            }

            await listening.ConfigureAwait(false);
            return hearing.Read(devices => Conclude(hearing, devices, time));
        }

        private int Conclude(BleHearing hearing, IReadOnlyList<HeardAdvertiser> devices, TimeProvider time)
        {
            if (asJson)
            {
                output.WriteLine(JsonOutput.Of(BleScanText.Json(devices, time)));
            }
            else if (devices.Count > 0)
            {
                foreach (var line in BleScanText.Lines(devices, time))
                {
                    output.WriteLine(line);
                }

                Propose(devices);
            }

            if (devices.Count > 0)
            {
                return ExitCode.Done;
            }

            error.WriteLine(hearing.State is { IsHearing: false } state
                ? $"edge-gateway: {state.Text}{(state.Remedy is null ? "" : $"; {state.Remedy}")}"
                : "edge-gateway: nobody was heard; bring a sensor nearer, wake it with its button, or listen longer with --for 2m");
            return ExitCode.Failed;
        }

        private void Propose(IReadOnlyList<HeardAdvertiser> devices)
        {
            var yaml = BleScanText.Yaml(devices, link, options.Controller).ToList();
            if (yaml.Count == 0)
            {
                return;
            }

            output.WriteLine();
            output.WriteLine("to paste; each device's points are what it says:");
            yaml.ForEach(output.WriteLine);
        }

        /// <summary>Beside a list that is made at the end; a live one shows it in its first line.</summary>
        private void Tell(RadioState state, bool isLive, HashSet<string> told)
        {
            if (!isLive && !state.IsHearing && state.Remedy is { } remedy && told.Add(state.Text))
            {
                error.WriteLine($"edge-gateway: {state.Text}; {remedy}");
            }
        }
    }
}
