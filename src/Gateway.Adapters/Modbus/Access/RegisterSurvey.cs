using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Reads whatever is there of some ranges, and nothing else: large pieces first, halves where the device refuses.</summary>
/// <param name="access">The unit.</param>
/// <param name="limit">Registers in one request.</param>
public sealed class RegisterSurvey(RegisterAccess access, int limit)
{
    /// <summary>Requests that were made.</summary>
    public int Requests { get; private set; }

    /// <summary>Why nothing could be read of a table or at all, once each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    private readonly List<string> _problems = [];

    /// <param name="ranges">What to read, of input and holding.</param>
    /// <param name="image">Gets it, piece by piece: an end in between loses nothing.</param>
    /// <param name="progress">Hears after each request how many registers are dealt with.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>false: nobody answers any more.</returns>
    public async Task<bool> ReadAsync(IEnumerable<RegisterRange> ranges, RegisterImage image, Action<int>? progress, CancellationToken cancellation)
    {
        var pieces = new Stack<RegisterRange>(ranges.SelectMany(r => r.Pieces(limit)).Reverse());
        var without = new HashSet<RegisterSpace>();
        var dealt = 0;
        while (pieces.TryPop(out var piece))
        {
            if (without.Contains(piece.Space))
            {
                dealt += piece.Count;
                continue;
            }

            Requests++;
            var reply = await access.ReadAsync(piece, cancellation);
            if (reply.IsOk)
            {
                image.Set(piece.Space, piece.Address, reply.Values.Span);
            }
            else if (reply.Outcome != FieldOutcome.Answered)
            {
                _problems.Add($"{piece}: {reply.Line}");
                return false;
            }
            else if (reply.Exception is ExceptionCode.IllegalFunction or ExceptionCode.GatewayPathUnavailable or ExceptionCode.GatewayTargetFailed)
            {
                without.Add(piece.Space);
                _problems.Add(reply.Line);
            }
            else if (piece.Count > 1)
            {
                var half = piece.Count / 2;
                pieces.Push(new(piece.Space, (ushort)(piece.Address + half), piece.Count - half));
                pieces.Push(piece with { Count = half });
                continue;
            }

            dealt += piece.Count;
            progress?.Invoke(dealt);
        }

        return true;
    }
}
