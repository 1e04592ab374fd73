using System.Text.Json;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Verification;

/// <summary><c>docs/backend.py</c>: what the rules for backends come to in another language.</summary>
internal sealed class ExampleBackend(TempFolder folder, int port) : IAsyncDisposable
{
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "docs", "backend.py");

    private readonly string _database = folder.Of("backend.db");
    private ChildProcess? _process;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    public async Task StartAsync(bool isNew)
    {
        _process = ChildProcess.Start("/usr/bin/python3", ["-u", s_script, "take", _database, "127.0.0.1", $"{port}"]);
        await _process.WaitForAsync(isNew ? "subscribed" : "connected");
    }

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>The books of a stream once they are so.</summary>
    public async Task<JsonElement> WaitForAsync(string stream, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var last = "no books";
        try
        {
            while (true)
            {
                var (code, output) = await ChildProcess.RunAsync("/usr/bin/python3", s_script, "report", _database);
                Assert.True(code == 0, output);
                foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    var books = JsonDocument.Parse(line).RootElement;
                    if (books.GetProperty("stream").GetString()!.Contains($" {stream} ", StringComparison.Ordinal))
                    {
                        last = line;
                        if (wanted(books))
                        {
                            return books;
                        }
                    }
                }

                await pace.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"the backend's books never became so; last: {last}\n{string.Join('\n', Process.Lines.TakeLast(20))}");
        }
    }

    /// <summary>Payloads taken from topics that begin so, each as often as it was taken.</summary>
    public async Task<IReadOnlyList<string>> PayloadsAsync(string topic)
    {
        var (code, output) = await ChildProcess.RunAsync(
            "/usr/bin/python3", "-c", $"import sqlite3\nfor p, in sqlite3.connect('{_database}').execute(\"SELECT payload FROM messages WHERE topic = '{topic}'\"): print(p.decode())");
        Assert.True(code == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
