using System.IO.Pipelines;

namespace Gateway.Adapters.Modbus;

/// <summary>What carries the bytes of RTU frames: a serial port, or a TCP connection to one. One task owns it.</summary>
internal interface IByteLine : IAsyncDisposable
{
    /// <summary>Silence that ends a frame and must stand between two (Modbus over Serial Line V1.02 §2.5.1.1: 3.5 characters, 1.75 ms above 19200 baud); zero: somebody else keeps it.</summary>
    TimeSpan FrameSilence { get; }

    /// <summary>Bytes that come after a longer pause belong to no frame any more; null: pauses say nothing here.</summary>
    TimeSpan? LongestPause { get; }

    /// <summary>The line itself loses what is late when it is opened anew.</summary>
    bool IsCleanWhenReopened { get; }

    /// <summary>How long so many bytes take on the wire.</summary>
    TimeSpan TimeOf(int bytes);

    /// <returns>Why it is not open; null: it is.</returns>
    ValueTask<LineFault?> OpenAsync(CancellationToken cancellation);

    /// <summary>What comes; valid while it is open. Its end is the line's end.</summary>
    PipeReader Input { get; }

    /// <returns>Why the bytes cannot go; null: they are on their way.</returns>
    ValueTask<LineFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Why the line ended by itself; null: it has not.</summary>
    LineFault? LookForEnd();

    ValueTask CloseAsync();
}
