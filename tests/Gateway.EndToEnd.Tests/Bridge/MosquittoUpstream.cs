using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>Debian's Mosquitto as the upstream of a bridge, in a folder of its own; it keeps its sessions over a restart.</summary>
internal sealed class MosquittoUpstream : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _configuration;
    private Process? _process;

    private MosquittoUpstream(string folder, int port, string settings)
    {
        (Folder, Port) = (folder, port);
        _configuration = Path.Combine(folder, "mosquitto.conf");

        // Not 0 ("no limit"): with it, 2.0.11 closes the connection after it has refused a publish.
        File.WriteAllText(_configuration, $"user root\nlistener {port} 127.0.0.1\npersistence true\npersistence_location {folder}/\nmax_queued_messages 1000000\n{settings}\n");
    }

    public string Folder { get; }

    public int Port { get; }

    /// <param name="settings">Lines of its configuration, made in its folder.</param>
    public static async Task<MosquittoUpstream> StartAsync(Func<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("bridge-upstream-").FullName;
        var broker = new MosquittoUpstream(folder, FreePort(), settings?.Invoke(folder) ?? "allow_anonymous true");
        await broker.StartAsync();
        return broker;
    }

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = new ProcessStartInfo("/usr/sbin/mosquitto", ["-v", "-c", _configuration]) { RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data?.EndsWith("running", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience);
    }

    /// <summary>SIGTERM: it saves what it holds.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(s_patience);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Writes a password file in its own format.</summary>
    public static async Task<string> PasswordFileAsync(string folder, string user, string password)
    {
        var path = Path.Combine(folder, "passwords");
        using var process = Process.Start("mosquitto_passwd", ["-c", "-b", path, user, password]);
        await process.WaitForExitAsync().WaitAsync(s_patience);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
