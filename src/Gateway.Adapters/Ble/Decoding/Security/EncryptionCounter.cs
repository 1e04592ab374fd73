using System.Globalization;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Refuses what was recorded and is played again: the counter of an encrypted message grows with each of them.</summary>
/// <remarks>
/// A sensor with a new battery counts from the beginning (some from anywhere), and nothing in its messages tells it from a recording. The reference implementation of BTHome believes
/// any counter below 100 at once, so that one old recording opens the way for all later ones; and sensors that it hears too late stay refused for ever. Here, older counters are believed
/// when for ten minutes they have been all that was heard, growing. A recording would have to be played for as long, with the sensor itself silenced.
/// </remarks>
internal sealed class EncryptionCounter(TimeProvider time)
{
    /// <summary>How long older counters are refused before they count as those of a sensor that started anew.</summary>
    public static readonly TimeSpan RestartAfter = TimeSpan.FromMinutes(10);

    // The counter has 32 bits; what comes after the last of them is newer.
    private const uint WrapAbove = 0xFFFF_0000;
    private const uint WrapBelow = 0x0001_0000;

    private const string Remedy = "nothing, if its battery was changed: it is believed after ten minutes, or at once after a restart of the gateway; otherwise somebody plays recordings of it";

    private bool _isKnown;
    private uint _last;
    private int _content;
    private bool _isOlderHeard;
    private uint _older;
    private long _olderSince;

    /// <summary>Whether these are the bytes that were accepted last: nobody needs to decrypt them again.</summary>
    public bool IsRepeated(uint counter, int content) => _isKnown && counter == _last && content == _content;

    /// <summary>Judges the counter of a message whose tag is right.</summary>
    /// <param name="counter">As sent.</param>
    /// <param name="content">A hash of all its bytes.</param>
    /// <param name="heardAt">Timestamp of its arrival.</param>
    public DecodeOutcome Accept(uint counter, int content, long heardAt)
    {
        if (_isKnown && !IsNewer(counter) && !IsRestart(counter, heardAt))
        {
            return DecodeOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"counter {counter} is not newer than {_last}: played again, or the sensor started anew"), Remedy);
        }

        (_isKnown, _isOlderHeard, _last, _content) = (true, false, counter, content);
        return DecodeOutcome.Decoded;
    }

    private bool IsNewer(uint counter) => counter > _last || (_last >= WrapAbove && counter < WrapBelow);

    private bool IsRestart(uint counter, long heardAt)
    {
        if (counter == _last)
        {
            return false;
        }

        if (!_isOlderHeard || counter < _older)
        {
            _olderSince = heardAt;
        }

        (_isOlderHeard, _older) = (true, counter);
        return time.GetElapsedTime(_olderSince, heardAt) >= RestartAfter;
    }
}
