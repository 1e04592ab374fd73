using System.Globalization;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Modbus;

/// <summary>A field device on somebody else's Modbus: pymodbus or libmodbus. It holds every type in every order, and tells what was written.</summary>
internal sealed class TypedPeer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TempFolder? _folder;

    private TypedPeer(ChildProcess process, TempFolder? folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <param name="library">pymodbus or libmodbus.</param>
    /// <param name="arguments">A serial device; with pymodbus also what typed_server.py takes; none: Modbus TCP.</param>
    public static async Task<TypedPeer> StartAsync(string library, params string[] arguments)
    {
        TempFolder? folder = null;
        ChildProcess process;
        if (library == "libmodbus")
        {
            folder = new();
            process = ChildProcess.Start(await CompileAsync(folder), arguments);
        }
        else
        {
            process = ChildProcess.Start("/usr/bin/python3", ["-u", Source("typed_server.py"), .. arguments]);
        }

        var ready = await process.WaitForAsync(l => l.StartsWith("port ", StringComparison.Ordinal));
        return new(process, folder, int.Parse(ready[5..], CultureInfo.InvariantCulture));
    }

    /// <summary>What it holds where it was written, in its own understanding.</summary>
    public async Task<IReadOnlyDictionary<string, string>> DumpAsync()
    {
        await _process.WriteLineAsync("dump");
        await _process.WaitForAsync(l => l == "end");
        return _process.Lines.Where(l => l.Contains('=', StringComparison.Ordinal)).ToDictionary(l => l.Split('=')[0], l => l.Split('=')[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder?.Dispose();
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Modbus", name);

    private static async Task<string> CompileAsync(TempFolder folder)
    {
        var program = folder.Of("typed_server");
        var (code, output) = await ChildProcess.RunAsync("sh", "-c", $"gcc -O1 -o '{program}' '{Source("typed_server.c")}' $(pkg-config --cflags --libs libmodbus)");
        Assert.True(code == 0, output);
        return program;
    }
}
