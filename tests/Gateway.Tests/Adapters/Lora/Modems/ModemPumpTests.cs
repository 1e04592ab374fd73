using System.Collections.Concurrent;
using Gateway.Adapters.Lora;
using Gateway.Adapters.Serial;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Every make and setting on a pseudo-terminal, in real time, through one bad day: all at once, since each of them mostly waits.</summary>
public sealed class ModemPumpTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-gateway-modems-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task EveryModem_ThroughSilenceBusinessGarbageRestartAndUnplugging_LosesNothingThatItDelivered_AndInventsNothing()
    {
        var days = ModemCase.All.Select((c, i) => new BadDay(c, Path.Combine(_folder.FullName, $"modem-{i}"), chunk: 1 + (i % 3))).ToList();
        await Task.WhenAll(days.Select(static d => d.RunAsync()));
        Assert.All(days, static d => Assert.Equal(d.Delivered, d.Received));
        Assert.All(days, static d => Assert.True(d.Delivered.Count >= 12, $"{d.Case}: {d.Delivered.Count} packets"));
    }

    private sealed class BadDay(ModemCase modem, string plug, int chunk) : IModemListener
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

        private readonly ConcurrentQueue<string> _received = new();
        private SimulatedModem _modem = modem.Modem();
        private ModemPump? _pump;
        private volatile bool _isUp;
        private volatile int _restarts;
        private int _number;

        public ModemCase Case => modem;

        public List<string> Delivered { get; } = [];

        public IReadOnlyCollection<string> Received => _received;

        public async Task RunAsync()
        {
            using var stop = new CancellationTokenSource();
            _pump = new(new SerialSettings(plug, modem.Link().Serial.Baud), modem.Link().CreateDialect(), this, TimeProvider.System);
            await using var pump = _pump;
            var running = _pump.RunAsync(stop.Token);
            await PluggedAsync(async () =>
            {
                await HearAsync(3);
                await MisbehaveAsync(m => m.BeSilent(1));
                await MisbehaveAsync(m => m.BeBusy(1));
                await RestartAsync();
            });
            await UntilAsync(() => !_isUp);
            await PluggedAsync(() => HearAsync(3));
            await stop.CancelAsync();
            await running;
        }

        void IModemListener.Packet(in HeardPacket packet) => _received.Enqueue(Convert.ToHexString(packet.Payload.Span));

        void IModemListener.Changed(ModemFault? fault) => _isUp = fault is null;

        void IModemListener.Restarted() => _restarts++;

        void IModemListener.Noise(int bytes)
        {
        }

        void IModemListener.Unknown(string line)
        {
        }

        void IModemListener.Passed()
        {
        }

        private async Task PluggedAsync(Func<Task> what)
        {
            _modem = modem.Modem();

            // Where a pause ends a packet, a busy machine must not make one.
            await using var port = new ModemPort(_modem, plug) { Chunk = modem.NeedsPauses ? null : chunk };
            await UntilAsync(() => _isUp && _modem.IsListening);
            await what();
            await UntilAsync(() => _received.Count >= Delivered.Count);
        }

        /// <summary>Packets, back to back where anything tells them apart, and garbage between them.</summary>
        private async Task HearAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                if (!modem.NeedsPauses)
                {
                    _modem.Say([0xFF, (byte)i, 0x80, (byte)'x', (byte)'\r', (byte)'\n']);
                }

                await UntilAsync(TryHear);
                if (!modem.NeedsPauses)
                {
                    TryHear();
                }

                await UntilAsync(() => _received.Count >= Delivered.Count);
            }
        }

        private bool TryHear()
        {
            var payload = modem.Nasty(_number);
            if (!_modem.Hear(payload))
            {
                return false;
            }

            _number++;
            Delivered.Add(Convert.ToHexString(payload));
            return true;
        }

        /// <summary>Something is sent meanwhile, of which nobody promises that it goes out, and what comes in while it is under way is not lost.</summary>
        private async Task MisbehaveAsync(Action<SimulatedModem> how)
        {
            how(_modem);
            var send = new ModemSend(modem.Nasty(1000), 5, TimeSpan.FromMilliseconds(50));
            Assert.True(_pump!.Post(() => _pump.Send(send)));
            if (!modem.NeedsPauses)
            {
                TryHear();
            }

            await send.Result.WaitAsync(s_patience);
            await HearAsync(2);
        }

        private async Task RestartAsync()
        {
            // While it is being set up anew after a send that nobody answered, a banner is nothing new.
            await UntilAsync(() => _pump!.IsReady);
            var before = _restarts;
            _modem.Restart();
            if (!modem.IsTransparent)
            {
                await UntilAsync(() => _restarts > before);
            }

            await HearAsync(2);
        }

        /// <summary>Looks again and again: nothing tells of it.</summary>
        private async Task UntilAsync(Func<bool> condition)
        {
            using var patience = new CancellationTokenSource(s_patience);
            while (!condition())
            {
                Assert.False(patience.IsCancellationRequested, $"{modem}: waited in vain; delivered {Delivered.Count}, received {_received.Count}, listens {_modem.IsListening}, is up {_isUp}");
                await Task.Delay(5);
            }
        }
    }
}
