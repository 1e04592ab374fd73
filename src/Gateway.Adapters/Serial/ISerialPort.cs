using System.IO.Pipelines;

namespace Gateway.Adapters.Serial;

/// <summary>The byte seam of everything that hangs on a serial line. One task reads, one writes.</summary>
public interface ISerialPort : IAsyncDisposable
{
    /// <summary>What comes. It is completed when the port is gone, and <see cref="Fault"/> says why.</summary>
    PipeReader Input { get; }

    /// <summary>Why the port is gone; null: it is there.</summary>
    SerialFault? Fault { get; }

    /// <summary>Hands bytes to the driver, which sends them in order; waits only while its buffer is full.</summary>
    /// <returns>Why they cannot go; null: they are on their way.</returns>
    ValueTask<SerialFault?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
