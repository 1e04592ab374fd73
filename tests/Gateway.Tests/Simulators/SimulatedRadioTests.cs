using Gateway.Adapters.Lora;
using Gateway.Simulators;
using Gateway.Tests.Adapters;
using Gateway.Tests.Adapters.Lora;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulators;

/// <summary>Simulated nodes behind a simulated modem, as <c>simulate</c> makes them of a configuration.</summary>
public sealed class SimulatedRadioTests
{
    [Theory]
    [InlineData("modem: rylr998", "decoder: json", "temperature")]
    [InlineData("modem: rn2483\nnode-bytes: 2", "decoder: text", "temperature")]
    [InlineData("modem: lora-e5\nframes: own", "decoder: { fields: [{ id: kind, type: uint8 }], choose: kind, cases: [{ when: 3, fields: [{ id: level, type: int24, scale: 0.5 }] }] }", "level")]
    [InlineData("modem: rak3172\nframes: own", "decoder: { choose: port, cases: [{ when: 7, fields: [{ id: state, type: uint8, enum: { 1: run } }] }] }", "state")]
    [InlineData("modem: ebyte\nframes: own", "decoder: cayenne-lpp", "temperature-3")]
    [InlineData("modem: ebyte\nframes: own\nrssi-byte: half\nchannel: 18", "decoder: json", "rssi")]
    [InlineData("modem: ebyte\nnode-bytes: 1\nrssi-byte: complement", "decoder: json", "rssi")]
    [InlineData("modem: generic\nnode-bytes: 1\npattern: \"^RX (?<payload>[0-9A-F]+) (?<rssi>-[0-9]+)$\"", "decoder: cayenne-lpp", "temperature-3")]
    [InlineData("modem: generic\npayload: text\nbanner: ready\ninit: [AT]\narm: [AT+RX]\narm-after-packet: true\npattern: \"^#(?<from>\\\\d{1,5})[|](?<payload>.*)[|] *(?<snr>[-+]?\\\\d+[.]\\\\d)dB$\"", "decoder: json", "snr")]
    [InlineData("modem: generic\nframes: own\npayload: base64\npattern: \"(?i)^[+]evt:(?:rx|recv)[ :]+(?<payload>[A-Z0-9/+]+={0,2})( rssi=-?(?<rssi>\\\\d{2,3}))?$\"", "decoder: cayenne-lpp", "rssi")]
    public async Task Nodes_OfAConfiguration_SpeakInTheirFormats(string keys, string decoder, string field)
    {
        var device = LoraMap.Good($"node: 12\n{decoder}", LoraMap.GoodLink(keys));
        await using var simulated = await SimulatedDevices.StartAsync([device], TimeProvider.System);
        var moved = Assert.Single(simulated.Devices);
        Assert.NotEqual(device.Link, moved.Link);
        Assert.Same(moved.Link, simulated.OptionsOf("field"));
        await using var adapter = new LoraAdapter((LoraOptions)moved.Link, [moved], new("field"), new(TimeProvider.System, NullLoggerFactory.Instance));
        var sink = new RecordingSink();
        using var stop = new CancellationTokenSource();
        var running = adapter.RunAsync(sink, stop.Token);
        while (!simulated.Radios["field"].Modem.IsListening || !adapter.Status.Connected)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        simulated.Radios["field"].SpeakNow();
        await sink.GoodAsync(field);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Modem_WhosePatternMatchesNoLineThatCanBeMadeUp_IsLeftAlone()
    {
        var device = LoraMap.Good("", LoraMap.GoodLink("modem: generic\npattern: \"^(?<payload>[^\\\\x00-\\\\x7F]+)$\""));
        await using var simulated = await SimulatedDevices.StartAsync([device], TimeProvider.System);
        Assert.Empty(simulated.Radios);
        Assert.Null(simulated.OptionsOf("field"));
    }
}
