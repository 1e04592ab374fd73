using System.Buffers;
using Gateway.Adapters.Serial;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Serial;

public sealed class SerialPortTests : IAsyncLifetime
{
    private readonly PseudoTerminal _terminal = PseudoTerminal.Open();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _terminal.DisposeAsync();

    [Theory]
    [InlineData(300, Parity.None, 2)]
    [InlineData(19200, Parity.Even, 1)]
    [InlineData(115200, Parity.Odd, 1)]
    [InlineData(123456, Parity.None, 1)]
    public async Task Bytes_AnyValue_PassBothWaysUnchanged(int baud, Parity parity, int stopBits)
    {
        await using var port = Open(new(_terminal.Device, baud, Parity: parity, StopBits: stopBits));
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.Null(await port.WriteAsync(all, default));
        Assert.Equal(all, await ReadAsync(_terminal.Port, 256));
        Assert.Null(await _terminal.Port.WriteAsync(all, default));
        Assert.Equal(all, await ReadAsync(port, 256));
    }

    [Fact]
    public async Task Write_MoreThanTheDriverTakes_WaitsForTheOtherEnd()
    {
        await using var port = Open();
        var much = new byte[200_000];
        Random.Shared.NextBytes(much);
        var writing = port.WriteAsync(much, default).AsTask();
        Assert.Equal(much, await ReadAsync(_terminal.Port, much.Length));
        Assert.Null(await writing);
    }

    [Fact]
    public async Task Input_NobodyReads_StopsAtItsBoundAndGoesOnLater()
    {
        await using var port = Open();
        var much = new byte[300_000];
        Random.Shared.NextBytes(much);
        var writing = _terminal.Port.WriteAsync(much, default).AsTask();
        Assert.Equal(much, await ReadAsync(port, much.Length));
        Assert.Null(await writing);
    }

    [Fact]
    public async Task Adapter_Unplugged_EndsTheInputAndSaysSo()
    {
        await using var port = Open();
        var reading = port.Input.ReadAsync().AsTask();
        await _terminal.DisposeAsync();
        Assert.True((await reading.WaitAsync(TimeSpan.FromSeconds(30))).IsCompleted);
        Assert.Equal("adapter unplugged", port.Fault!.Reason);
        Assert.NotNull(await port.WriteAsync(new byte[] { 1 }, default));
    }

    [Fact]
    public async Task Open_WhatAnotherHas_IsRefusedUntilItIsFree()
    {
        await using (Open())
        {
            Assert.Equal("port in use", SerialPort.Open(new(_terminal.Device, 9600)).Fault!.Reason);
        }

        await using var again = Open();
    }

    [Fact]
    public void Open_WhatIsNoSerialPort_SaysWhatItIs()
    {
        Assert.Equal("no such port", SerialPort.Open(new("/dev/serial/by-id/usb-none", 9600)).Fault!.Reason);
        Assert.Equal("not a serial port", SerialPort.Open(new("/dev/null", 9600)).Fault!.Reason);
    }

    /// <summary>A pseudo-terminal has neither: that it is told is what can be shown without the hardware.</summary>
    [Fact]
    public async Task Open_WhatTheAdapterCannot_IsAFaultOrANote()
    {
        var (none, fault) = SerialPort.Open(new(_terminal.Device, 9600, Rs485: new()));
        Assert.Null(none);
        Assert.Equal("the kernel cannot switch RS-485 on this port", fault!.Reason);
        Assert.Contains("remove rs485", fault.Remedy, StringComparison.Ordinal);

        await using (var asked = Open(new(_terminal.Device, 9600, LowLatency: true)))
        {
            Assert.Contains("low latency is refused", asked.Note!.Reason, StringComparison.Ordinal);
        }

        await using (var silent = Open())
        {
            Assert.Null(silent.Note);
        }
    }

    /// <summary>linux/serial.h: flags, delays in milliseconds, and nothing where later kernels have more.</summary>
    [Theory]
    [InlineData(true, false, 0, 0, false, 0x03, 0, 0)]
    [InlineData(false, true, 1, 2, true, 0x25, 1, 2)]
    public void Rs485_Settings_AreWhatTheKernelReads(bool onSend, bool afterSend, int before, int after, bool termination, byte flags, byte beforeByte, byte afterByte)
    {
        var settings = new Rs485Settings(onSend, afterSend, TimeSpan.FromMilliseconds(before), TimeSpan.FromMilliseconds(after), termination);
        var bytes = new byte[32];
        Array.Fill(bytes, (byte)0xFF);
        settings.Write(bytes);
        Assert.Equal([flags, 0, 0, 0, beforeByte, 0, 0, 0, afterByte, .. new byte[23]], bytes);
    }

    [Fact]
    public async Task Dispose_WhileItIsRead_EndsTheInput()
    {
        var port = Open();
        var reading = port.Input.ReadAsync().AsTask();
        var disposing = port.DisposeAsync().AsTask();
        Assert.True((await reading.WaitAsync(TimeSpan.FromSeconds(30))).IsCompleted);
        await disposing;
    }

    [Fact]
    public void Settings_Time_CountsStartParityAndStopBits()
    {
        var settings = new SerialSettings("/dev/x", 9600, Parity: Parity.Even);
        Assert.Equal(("9600 8E1", 11), (settings.Format, settings.BitsPerCharacter));
        Assert.Equal(11.0 * 256 / 9600, settings.Characters(256).TotalSeconds, 6);
    }

    private SerialPort Open(SerialSettings? settings = null)
    {
        var (port, fault) = SerialPort.Open(settings ?? new(_terminal.Device, 115200));
        Assert.Null(fault);
        return port!;
    }

    private static async Task<byte[]> ReadAsync(ISerialPort port, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = await port.Input.ReadAtLeastAsync(Math.Min(count, 4096), patience.Token);
        var bytes = new List<byte>();
        while (true)
        {
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, count - bytes.Count));
            bytes.AddRange(taken.ToArray());
            port.Input.AdvanceTo(taken.End);
            if (bytes.Count == count)
            {
                return [.. bytes];
            }

            read = await port.Input.ReadAsync(patience.Token);
        }
    }
}
