using System.Collections.Concurrent;
using Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Storage;

/// <summary>Keeps what the journal logs from <see cref="LogLevel.Warning"/> on.</summary>
internal sealed class RecordingLog : ILogger<Journal>
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public IReadOnlyList<(int Id, string Text)> Lines => [.. _lines];

    public IReadOnlyList<string> Of(int id) => [.. _lines.Where(l => l.Id == id).Select(l => l.Text)];

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (level >= LogLevel.Warning)
        {
            _lines.Enqueue((id.Id, formatter(state, exception)));
        }
    }

    public bool IsEnabled(LogLevel level) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
