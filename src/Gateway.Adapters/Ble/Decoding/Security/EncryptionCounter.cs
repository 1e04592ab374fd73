using System.Globalization;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Refuses what was recorded and is played again: the counter of an encrypted message grows with each of them.</summary>
/// <remarks>
/// A sensor with a new battery counts from the beginning (some from anywhere), and nothing in its messages tells it from a recording. The reference implementation of BTHome believes
/// any counter below 100 at once, so that one old recording opens the way for all later ones; and sensors that it hears too late stay refused for ever. Here, older counters are believed
/// when they have grown and been all that was heard for ten minutes, and for three times as long as the sensor was ever quiet. A recording would have to be played for as long,
/// with the sensor itself silenced: a button that is pressed once a day gives nobody ten minutes for that.
/// </remarks>
internal sealed class EncryptionCounter(TimeProvider time)
{
    /// <summary>How long older counters are refused before they may count as those of a sensor that started anew.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromMinutes(10);

    /// <summary>A sensor may have been away for weeks.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private const int QuietTimes = 3;

    // The counter has 32 bits; what comes after the last of them is newer.
    private const uint WrapAbove = 0xFFFF_0000;
    private const uint WrapBelow = 0x0001_0000;

    private bool _isKnown;
    private uint _last;
    private int _content;
    private long _lastAt;
    private TimeSpan _longestQuiet;
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
        if (_isKnown)
        {
            if (IsNewer(counter))
            {
                var quiet = time.GetElapsedTime(_lastAt, heardAt);
                _longestQuiet = quiet > _longestQuiet ? quiet : _longestQuiet;
            }
            else if (!IsRestart(counter, heardAt))
            {
                return Refused(counter);
            }
        }

        (_isKnown, _isOlderHeard, _last, _content, _lastAt) = (true, false, counter, content, heardAt);
        return DecodeOutcome.Decoded;
    }

    private TimeSpan Wait => _longestQuiet * QuietTimes is var wait && wait < LeastWait ? LeastWait : wait > LongestWait ? LongestWait : wait;

    private bool IsNewer(uint counter) => counter > _last || (_last >= WrapAbove && counter < WrapBelow);

    private bool IsRestart(uint counter, long heardAt)
    {
        // Sensors send each message several times: a copy proves nothing, and takes nothing back.
        if (counter == _last || (_isOlderHeard && counter == _older))
        {
            return false;
        }

        if (!_isOlderHeard || counter < _older)
        {
            _olderSince = heardAt;
        }

        (_isOlderHeard, _older) = (true, counter);
        return time.GetElapsedTime(_olderSince, heardAt) >= Wait;
    }

    private DecodeOutcome Refused(uint counter)
    {
        var minutes = Math.Ceiling(Wait.TotalMinutes);
        return DecodeOutcome.Refused(
            string.Create(CultureInfo.InvariantCulture, $"counter {counter} is not newer than {_last}: played again, or the sensor started anew"),
            string.Create(CultureInfo.InvariantCulture, $"nothing, if its battery was changed: it is believed after {minutes} minutes, or at once after a restart of the gateway; otherwise somebody plays recordings of it"));
    }
}
