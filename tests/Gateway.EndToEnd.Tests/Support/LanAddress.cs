using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests.Support;

/// <summary>An address of this machine that is no loopback: one that it has, else one of a device of its own, which goes with the test.</summary>
internal sealed class LanAddress : IAsyncDisposable
{
    private readonly string? _device;

    private LanAddress(string address, string? device) => (Address, _device) = (address, device);

    public string Address { get; }

    public static async Task<LanAddress> AddAsync()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus == OperationalStatus.Up)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        if (own is not null)
        {
            return new LanAddress(own.ToString(), null);
        }

        var device = $"gw{Environment.ProcessId}";
        var address = $"198.18.{Environment.ProcessId % 250}.1";
        await RunAsync("ip", "link", "add", device, "type", "veth", "peer", "name", device + "p");
        await RunAsync("ip", "addr", "add", address + "/30", "dev", device);
        await RunAsync("ip", "link", "set", device, "up");
        return new LanAddress(address, device);
    }

    public async ValueTask DisposeAsync()
    {
        if (_device is not null)
        {
            await RunAsync("ip", "link", "del", _device);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync(program, arguments);
        Assert.True(code == 0, output);
    }
}
