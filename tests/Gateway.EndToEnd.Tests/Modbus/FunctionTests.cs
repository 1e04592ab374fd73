using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>Our master, every function, against servers that share no code with us.</summary>
public sealed class FunctionTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pymodbus", "tcp")]
    [InlineData("pymodbus", "udp")]
    [InlineData("pymodbus", "tls")]
    [InlineData("pymodbus", "rtu")]
    [InlineData("pymodbus", "ascii")]
    [InlineData("pymodbus", "rtu-over-tcp")]
    [InlineData("pymodbus", "ascii-over-tcp")]
    [InlineData("libmodbus", "tcp")]
    [InlineData("libmodbus", "rtu")]
    public async Task Peer_EveryFunction_IsAnswered(string library, string transport)
    {
        var needsCable = transport is "rtu" or "ascii";
        await using var cable = needsCable ? new SerialCable() : null;
        var plant = transport == "tls" ? await Certificates.MakeAsync(_folder, "plant") : null;
        await using var peer = await StartAsync(library, transport, cable, plant);
        var (options, type) = Link(transport, peer.Port, cable, plant);
        using var metrics = new ModbusMetrics("line");
        await using var link = ((ModbusAdapterType)type).CreateLink(options, metrics, TimeProvider.System);
        await OpenAsync(link);
        var master = new ModbusMaster(link, options, metrics, TimeProvider.System);

        await ReadAsync(master);
        await WriteAsync(master);
        await ReadWriteAsync(master);
        if (library == "pymodbus")
        {
            await DiagnoseAsync(master);
            await IdentifyAsync(master);
        }
        else
        {
            // libmodbus has neither: on a serial line it cannot tell where such a request ends, and does not answer.
            AssertNotThere(transport, (await master.DiagnoseAsync(1, DiagnosticFunction.ReturnQueryData, 0xA537, default)).Result);
            AssertNotThere(transport, (await master.IdentifyAsync(1, IdentificationLevel.Basic, default)).Result);
        }

        // And the line is in step afterwards.
        await ReadAsync(master);
    }

    private static async Task ReadAsync(ModbusMaster master)
    {
        Ok(await master.ReadAsync(1, RegisterSpace.Coil, 0, 10, default));
        Assert.Equal([1 << 5, 0], master.Values[..2].ToArray());
        Ok(await master.ReadAsync(1, RegisterSpace.Discrete, 7, 1, default));
        Assert.Equal(1, master.Values[0]);
        Ok(await master.ReadAsync(1, RegisterSpace.Input, 1000, 1, default));
        Assert.Equal(-1234, (short)((master.Values[0] << 8) | master.Values[1]));
        Ok(await master.ReadAsync(1, RegisterSpace.Holding, 100, 125, default));
        Assert.Equal(ExceptionCode.IllegalDataAddress, (await master.ReadAsync(1, RegisterSpace.Holding, 60_000, 1, default)).Exception);
    }

    private static async Task WriteAsync(ModbusMaster master)
    {
        Ok(await master.WriteCoilAsync(1, 100, true, default));
        Ok(await master.WriteCoilsAsync(1, 101, 10, new byte[] { 0xCD, 0x01 }, default));
        Ok(await master.ReadAsync(1, RegisterSpace.Coil, 100, 11, default));
        Assert.Equal([0x9B, 0x03], master.Values[..2].ToArray());
        Ok(await master.WriteRegisterAsync(1, 100, 0x1234, default));
        Ok(await master.WriteRegistersAsync(1, 101, new byte[] { 0x00, 0x12, 0xBE, 0xEF }, default));
        Ok(await master.MaskWriteAsync(1, 101, 0xF2, 0x25, default));
        Ok(await master.ReadAsync(1, RegisterSpace.Holding, 100, 3, default));
        Assert.Equal([0x12, 0x34, 0x00, 0x17, 0xBE, 0xEF], master.Values[..6].ToArray());
    }

    private static async Task ReadWriteAsync(ModbusMaster master)
    {
        Ok(await master.ReadWriteAsync(1, 200, 3, 201, new byte[] { 1, 2, 3, 4 }, default));
        Assert.Equal([0, 0, 1, 2, 3, 4], master.Values[..6].ToArray());
    }

    private static async Task DiagnoseAsync(ModbusMaster master)
    {
        Assert.Equal((TransactionResult.Ok, (ushort)0xA537), await master.DiagnoseAsync(1, DiagnosticFunction.ReturnQueryData, 0xA537, default));
        Ok((await master.DiagnoseAsync(1, DiagnosticFunction.ClearCounters, 0, default)).Result);
        foreach (var counter in Enumerable.Range((int)DiagnosticFunction.BusMessages, 8))
        {
            Ok((await master.DiagnoseAsync(1, (DiagnosticFunction)counter, 0, default)).Result);
        }
    }

    private static async Task IdentifyAsync(ModbusMaster master)
    {
        var (result, identity) = await master.IdentifyAsync(1, IdentificationLevel.Basic, default);
        Ok(result);
        Assert.Equal([("vendor", "pymodbus"), ("product-code", "PM"), ("revision", "3.0")], identity!.Objects.Select(o => (o.Name, o.Text)));
        (result, identity) = await master.IdentifyAsync(1, IdentificationLevel.One, default, from: 5);
        Ok(result);
        Assert.Equal(("model", new string('m', 100)), (identity!.Objects.Single().Name, identity.Objects.Single().Text));

        // More than one response holds.
        (result, identity) = await master.IdentifyAsync(1, IdentificationLevel.Regular, default);
        Ok(result);
        Assert.Contains(identity!.Objects, o => o.Text == new string('v', 100));
        Assert.Contains(identity.Objects, o => o.Text == new string('m', 100));
    }

    private static void AssertNotThere(string transport, TransactionResult result) =>
        Assert.Equal(transport == "rtu" ? new(TransactionStatus.Timeout) : TransactionResult.Refused(ExceptionCode.IllegalFunction), result);

    private static void Ok(TransactionResult result) => Assert.Equal(TransactionResult.Ok, result);

    /// <summary>A server that has said its port is about to listen.</summary>
    private static async Task OpenAsync(IModbusLink link)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var master = new byte[] { (byte)FunctionCode.ReadCoils, 0, 0, 0, 1 };
        while (await pace.WaitForNextTickAsync(patience.Token))
        {
            if ((link.IsOpen || await link.OpenAsync(patience.Token) is null)
                && (await link.TransactAsync(1, master, new byte[ModbusLimits.Pdu], patience.Token)).Status == TransactionStatus.Ok)
            {
                return;
            }
        }
    }

    private async Task<TypedPeer> StartAsync(string library, string transport, SerialCable? cable, Certificates? plant)
    {
        var device = plant is null ? default : await plant.SignAsync("device", "subjectAltName=IP:127.0.0.1");
        string[] arguments = transport switch
        {
            "tcp" => [],
            "tls" => ["tls", device.Certificate, device.Key],
            "rtu" => [cable!.Other],
            "ascii" => ["ascii", cable!.Other],
            "rtu-over-tcp" => ["rtu"],
            "ascii-over-tcp" => ["ascii"],
            _ => [transport],
        };
        return await TypedPeer.StartAsync(library, arguments);
    }

    private static (ModbusLinkOptions Options, IAdapterType Type) Link(string transport, int port, SerialCable? cable, Certificates? plant)
    {
        const string Host = "127.0.0.1";
        (ModbusLinkOptions, IAdapterType) made = transport switch
        {
            "tcp" => (new ModbusTcpOptions("line", default) { Host = Host, Port = port }, new ModbusTcpType()),
            "udp" => (new ModbusUdpOptions("line", default) { Host = Host, Port = port }, new ModbusUdpType()),
            "tls" => (new ModbusTlsOptions("line", default) { Host = Host, Port = port, Tls = new(plant!.Ca) }, new ModbusTlsType()),
            "rtu" => (new ModbusRtuOptions("line", default) { Serial = new(cable!.One, 19200) }, new ModbusRtuType()),
            "ascii" => (new ModbusAsciiOptions("line", default) { Serial = new(cable!.One, 19200, DataBits: 7) }, new ModbusAsciiType()),
            "rtu-over-tcp" => (new ModbusRtuOverTcpOptions("line", default) { Host = Host, Port = port }, new ModbusRtuOverTcpType()),
            _ => (new ModbusAsciiOverTcpOptions("line", default) { Host = Host, Port = port }, new ModbusAsciiOverTcpType()),
        };
        return (made.Item1 with { Timeout = s_patience }, made.Item2);
    }
}
