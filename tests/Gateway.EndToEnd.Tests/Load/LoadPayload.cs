using System.Buffers.Text;
using System.Text;

namespace Gateway.EndToEnd.Tests.Load;

/// <summary>What a load publisher sends: <c>publisher/number:</c> and filler that follows from the number, so that one that was mixed up with another shows.</summary>
internal static class LoadPayload
{
    public const string Topic = "lan/load/";

    /// <summary>Bytes: from a reading to a document, about a kilobyte on the average.</summary>
    private const int Longest = 2_000;

    public static byte[] Make(int publisher, int number)
    {
        var head = Encoding.ASCII.GetBytes($"{publisher}/{number}:");
        var payload = new byte[head.Length + (int)((uint)number * 2_654_435_761u % Longest)];
        head.CopyTo(payload, 0);
        for (var i = head.Length; i < payload.Length; i++)
        {
            payload[i] = (byte)('a' + ((number + i) % 26));
        }

        return payload;
    }

    /// <returns>Who sent it and which it is; null: it is not what was sent.</returns>
    public static (int Publisher, int Number)? Read(ReadOnlySpan<byte> payload)
    {
        if (!Utf8Parser.TryParse(payload, out int publisher, out var first) || payload.Length <= first + 1
            || !Utf8Parser.TryParse(payload[(first + 1)..], out int number, out _))
        {
            return null;
        }

        return payload.SequenceEqual(Make(publisher, number)) ? (publisher, number) : null;
    }
}
