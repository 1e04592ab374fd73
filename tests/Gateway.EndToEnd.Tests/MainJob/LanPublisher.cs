using System.Globalization;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>A client on the LAN (paho) that publishes numbers at QoS 1 and remembers which were acknowledged.</summary>
internal sealed class LanPublisher : IAsyncDisposable
{
    public const string Topic = "lan/numbers";

    private readonly ChildProcess _process;

    private LanPublisher(ChildProcess process) => _process = process;

    public IReadOnlyList<string> Acknowledged => [.. _process.Lines.Where(IsAck).Select(l => l.Split(' ')[1])];

    public static LanPublisher Start(int port) =>
        new(ChildProcess.Start("/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "MainJob", "lan_publisher.py"), $"{port}", Topic]));

    /// <summary>Until so many more were acknowledged.</summary>
    public Task WaitForAcksAsync(int more)
    {
        var wanted = Acknowledged.Count + more;
        return _process.WaitForAsync(l => IsAck(l) && int.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture) >= wanted);
    }

    public Task PauseAsync() => _process.WriteLineAsync("pause");

    public Task ResumeAsync() => _process.WriteLineAsync("resume");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static bool IsAck(string line) => line.StartsWith("acked ", StringComparison.Ordinal);
}
