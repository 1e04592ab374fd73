using System.Globalization;
using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Refuses what was recorded and is played again: the counter of an encrypted message grows with each of them.</summary>
/// <remarks>
/// A sensor with a new battery counts from the beginning (some from anywhere), and nothing in its messages tells it from a recording. The reference implementation of BTHome believes
/// any counter below 100 at once, so that one old recording opens the way for all later ones; and sensors that it hears too late stay refused for ever. Here, older counters are believed
/// when they have grown and been all that was heard for ten minutes, and for three times as long as the sensor was ever quiet. A recording would have to be played for as long,
/// with the sensor itself silenced: a button that is pressed once a day gives nobody ten minutes for that. All this holds over a restart, too: what was heard before is not believed after it.
/// </remarks>
internal sealed class EncryptionCounter
{
    /// <summary>How long older counters are refused before they may count as those of a sensor that started anew.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromMinutes(10);

    /// <summary>A sensor may have been away for weeks.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private const int QuietTimes = 3;

    private readonly TimeProvider _time;
    private readonly IMessageCounter? _kept;
    private readonly uint? _heardBefore;
    private bool _isKnown;
    private bool _isHeard;
    private uint _last;
    private int _content;
    private long _lastAt;
    private TimeSpan _longestQuiet;
    private bool _isOlderHeard;
    private uint _older;
    private long _olderSince;

    /// <param name="time">The clock.</param>
    /// <param name="kept">What was heard before, and where it is kept; null: nothing is.</param>
    public EncryptionCounter(TimeProvider time, IMessageCounter? kept = null)
    {
        (_time, _kept) = (time, kept);
        if (kept is { Highest: { } highest })
        {
            (_isKnown, _last, _heardBefore, _longestQuiet) = (true, highest, kept.Received, kept.Quiet);
        }
    }

    /// <summary>Whether these are the bytes that were accepted last: nobody needs to decrypt them again.</summary>
    public bool IsRepeated(uint counter, int content) => _isHeard && counter == _last && content == _content;

    /// <summary>Judges the counter of a message whose tag is right.</summary>
    /// <param name="counter">As sent.</param>
    /// <param name="content">A hash of all its bytes.</param>
    /// <param name="heardAt">Timestamp of its arrival.</param>
    public DecodeOutcome Accept(uint counter, int content, long heardAt)
    {
        var startedAnew = false;
        if (_isKnown && !KeptCounter.IsNewer(counter, _last))
        {
            if (!_isHeard && counter == _heardBefore)
            {
                // Its last message before the restart: a sign of life, as it was before. Which bytes it had is not known any more.
                return DecodeOutcome.Repeated;
            }

            if (!IsRestart(counter, heardAt))
            {
                return Refused(counter);
            }

            startedAnew = true;
        }

        if (_isHeard && !startedAnew && _time.GetElapsedTime(_lastAt, heardAt) is var quiet && quiet > _longestQuiet)
        {
            _longestQuiet = quiet;
            _kept?.Quiet = quiet;
        }

        if (_kept?.Take(counter, startedAnew) == false)
        {
            return DecodeOutcome.Held;
        }

        (_isKnown, _isHeard, _isOlderHeard, _last, _content, _lastAt) = (true, true, false, counter, content, heardAt);
        return DecodeOutcome.Decoded;
    }

    private TimeSpan Wait => _longestQuiet * QuietTimes is var wait && wait < LeastWait ? LeastWait : wait > LongestWait ? LongestWait : wait;

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
        return _time.GetElapsedTime(_olderSince, heardAt) >= Wait;
    }

    private DecodeOutcome Refused(uint counter)
    {
        if (!_isHeard && _heardBefore is { } before && KeptCounter.IsNewer(counter, before))
        {
            return DecodeOutcome.Refused(
                string.Create(CultureInfo.InvariantCulture, $"counter {counter} may have been heard before the power went"),
                string.Create(CultureInfo.InvariantCulture, $"nothing: the sensor is believed as soon as it has counted past {_last}, mostly within a minute"));
        }

        var minutes = Math.Ceiling(Wait.TotalMinutes);
        return DecodeOutcome.Refused(
            string.Create(CultureInfo.InvariantCulture, $"counter {counter} is not newer than {_last}: played again, or the sensor started anew"),
            string.Create(CultureInfo.InvariantCulture, $"nothing, if its battery was changed: it is believed after {minutes} minutes; otherwise somebody plays recordings of it"));
    }
}
