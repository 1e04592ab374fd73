using System.Globalization;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The counter of encrypted messages whose format has only one byte for it: it tells copies and messages of the last minutes, and cannot tell older recordings.</summary>
/// <remarks>Nothing of it is kept over a restart, for it would prove nothing: whoever waits for five minutes, or for half a round, is believed anyway.</remarks>
internal sealed class ByteCounter(TimeProvider time)
{
    /// <summary>After so long without a message the counter may stand anywhere: at the shortest interval (2.5 s) half a round takes 320 s.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    private bool _isKnown;
    private byte _last;
    private int _content;
    private long _heardAt;

    /// <inheritdoc cref="EncryptionCounter.IsRepeated"/>
    public bool IsRepeated(byte counter, int content) => _isKnown && counter == _last && content == _content;

    /// <inheritdoc cref="EncryptionCounter.Accept"/>
    public DecodeOutcome Accept(byte counter, int content, long heardAt)
    {
        var ahead = (byte)(counter - _last);
        if (_isKnown && ahead is 0 or >= 128 && time.GetElapsedTime(_heardAt, heardAt) < ForgetAfter)
        {
            return DecodeOutcome.Refused(
                string.Create(CultureInfo.InvariantCulture, $"counter {counter} is not newer than {_last}: played again, or the sensor started anew"),
                "nothing, if its battery was changed: it is believed after five minutes; otherwise somebody plays recordings of it");
        }

        (_isKnown, _last, _content, _heardAt) = (true, counter, content, heardAt);
        return DecodeOutcome.Decoded;
    }
}
