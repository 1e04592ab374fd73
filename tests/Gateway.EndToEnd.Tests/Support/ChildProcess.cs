using System.Diagnostics;
using System.Text;

namespace Gateway.EndToEnd.Tests.Support;

/// <summary>A peer or the daemon, as a process of its own. Its output is kept, and can be waited for.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;
    private bool _ended;

    private ChildProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Exited += (_, _) => End();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? "",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        return new ChildProcess(Path.GetFileName(file), start);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string file, params string[] arguments)
    {
        await using var process = Start(file, arguments);
        var code = await process.WaitForExitAsync();
        return (code, string.Join('\n', process.Lines));
    }

    /// <summary>The first line, past or future, that is wanted.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> wanted, TimeSpan? patience = null)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (_lines.Find(l => wanted(l)) is { } line)
            {
                return line;
            }

            if (_ended)
            {
                throw Failure("ended before the line came");
            }

            _waiting.Add((wanted, found));
        }

        try
        {
            return await found.Task.WaitAsync(patience ?? s_patience);
        }
        catch (TimeoutException)
        {
            throw Failure("did not print the line in time");
        }
    }

    public Task<string> WaitForAsync(string part) => WaitForAsync(l => l.Contains(part, StringComparison.Ordinal));

    public async Task<int> WaitForExitAsync(TimeSpan? patience = null)
    {
        await _process.WaitForExitAsync().WaitAsync(patience ?? s_patience);
        return _process.ExitCode;
    }

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the end.</summary>
    public async Task<int> TerminateAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }

        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        // The event of its end still uses it.
        await _end.Task;
        _process.Dispose();
    }

    private InvalidOperationException Failure(string what) => new($"{_name} {what}; it said:\n{string.Join('\n', Lines.TakeLast(60))}");

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (_, found) in _waiting.Where(w => w.Wanted(line)))
            {
                found.TrySetResult(line);
            }

            _waiting.RemoveAll(w => w.Found.Task.IsCompleted);
        }
    }

    private void End()
    {
        // Flushes what is still in the pipes.
        _process.WaitForExit();
        lock (_lines)
        {
            _ended = true;
            foreach (var (_, found) in _waiting)
            {
                found.TrySetException(new InvalidOperationException($"{_name} ended with {_process.ExitCode}; it said:\n{string.Join('\n', _lines.TakeLast(60))}"));
            }

            _waiting.Clear();
        }

        _end.SetResult();
    }
}
