using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Gateway.Broker;
using Gateway.Machine;

namespace Gateway.Setup;

/// <summary>What a first configuration is made for.</summary>
/// <param name="HostName">The machine's name.</param>
/// <param name="Addresses">Under which other machines reach it now.</param>
/// <param name="Serial">Its serial lines.</param>
/// <param name="Radios">Its Bluetooth controllers.</param>
/// <param name="Port">A TCP port on which a broker can listen: MQTT's own, unless somebody has it.</param>
/// <param name="PortHolder">Who has MQTT's own; null: nobody, or nobody that this user can see.</param>
internal sealed record Surroundings(
    string HostName, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<SerialAdapter> Serial, IReadOnlyList<BluetoothController> Radios, int Port, string? PortHolder)
{
    /// <summary>More than a handful of brokers on one machine is a mistake that another port does not heal.</summary>
    private const int PortsTried = 8;

    public static Surroundings Look(MachineFiles files)
    {
        var port = Enumerable.Range(ListenerOptions.DefaultPort, PortsTried).FirstOrDefault(IsFree, ListenerOptions.DefaultPort);
        return new(
            Environment.MachineName,
            [.. LanAddresses()],
            new SerialAdapters(files, DeviceAccess.IsGranted).Find(),
            new BluetoothControllers(files).Find(),
            port,
            port == ListenerOptions.DefaultPort ? null : Broker.PortHolder.Find(ListenerOptions.DefaultPort));
    }

    /// <summary>IPv4 first: that is what one types into other devices.</summary>
    private static IEnumerable<IPAddress> LanAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static i => i.GetIPProperties().UnicastAddresses)
        .Select(static a => a.Address)
        .Where(static a => !IPAddress.IsLoopback(a) && !a.IsIPv6LinkLocal)
        .OrderBy(static a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1);

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Any, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
