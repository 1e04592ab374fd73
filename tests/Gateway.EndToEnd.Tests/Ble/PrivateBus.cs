using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>A dbus-daemon of the test's own, with the rules of a system bus and everything allowed unless the test forbids it.</summary>
internal sealed class PrivateBus : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ChildProcess? _daemon;

    /// <summary>As DBUS_SYSTEM_BUS_ADDRESS wants it; abstract, because paths of sockets are short.</summary>
    public string Address { get; } = $"unix:abstract=edge-gateway-test-{Guid.NewGuid():N}";

    public Dictionary<string, string> Environment => new() { ["DBUS_SYSTEM_BUS_ADDRESS"] = Address };

    /// <param name="policy">More rules, which come last and so win (<c>&lt;deny send_destination="org.bluez"/&gt;</c>).</param>
    public static async Task<PrivateBus> StartAsync(string policy = "")
    {
        var bus = new PrivateBus();
        await bus.ComeAsync(policy);
        return bus;
    }

    public async Task ComeAsync(string policy = "")
    {
        var config = _folder.Write("bus.conf", $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <listen>{Address}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow own="*"/><allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow send_type="method_call"/>
                {policy}
              </policy>
            </busconfig>
            """);
        _daemon = ChildProcess.Start("dbus-daemon", [$"--config-file={config}", "--nofork", "--nopidfile", "--print-address"]);
        await _daemon.WaitForAsync("unix:");
    }

    public async Task GoAsync()
    {
        await _daemon!.DisposeAsync();
        _daemon = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _folder.Dispose();
    }
}
