using System.IO.Pipelines;

namespace Gateway.Adapters.Modbus;

/// <summary>What carries the bytes of frames: a serial port, or a TCP connection to one. One task owns it.</summary>
internal interface IByteLine : IAsyncDisposable
{
    /// <summary>The silences of its frames; null: somebody else keeps them, and pauses say nothing here.</summary>
    FrameTiming? Timing { get; }

    /// <summary>The line itself loses what is late when it is opened anew.</summary>
    bool IsCleanWhenReopened { get; }

    /// <summary>How long so many bytes take on the wire.</summary>
    TimeSpan TimeOf(int bytes);

    /// <returns>Why it is not open; null: it is.</returns>
    ValueTask<LineFault?> OpenAsync(CancellationToken cancellation);

    /// <summary>Before each request: a better way to the device may have come back meanwhile.</summary>
    ValueTask PrepareAsync() => ValueTask.CompletedTask;

    /// <summary>What a person should know of the open line; null: nothing. May be read by any thread.</summary>
    LineFault? Note => null;

    /// <summary>A response came.</summary>
    void Carried()
    {
    }

    /// <summary>What comes; valid while it is open. Its end is the line's end.</summary>
    PipeReader Input { get; }

    /// <returns>Why the bytes cannot go; null: they are on their way.</returns>
    ValueTask<LineFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Why the line ended by itself; null: it has not.</summary>
    LineFault? LookForEnd();

    ValueTask CloseAsync();
}
