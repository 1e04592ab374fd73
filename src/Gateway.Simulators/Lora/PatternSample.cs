using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Simulators;

/// <summary>Makes a text that a regular expression matches: the line that a modem would print which somebody has described by it.</summary>
/// <remarks>
/// It reads the pattern from left to right and takes of everything the least: the first alternative, the smallest number of repetitions, of a class the first character that is in it.
/// Whoever uses it looks whether the text is matched indeed; what it does not understand makes a text that is not.
/// </remarks>
internal sealed class PatternSample
{
    /// <summary>1000: a line has no more.</summary>
    private const int MostRepetitions = 1000;

    /// <summary>Deeper than anybody nests groups.</summary>
    private const int MostDepth = 50;

    private readonly string _pattern;
    private readonly Func<string, IEnumerable<string>> _values;
    private int _at;
    private int _depth;
    private bool _hasNamed;
    private bool _ignoresCase;

    private PatternSample(string pattern, Func<string, IEnumerable<string>> values) => (_pattern, _values) = (pattern, values);

    /// <param name="pattern">A regular expression without lookarounds and back references.</param>
    /// <param name="values">What a named group may hold, the best first; the first that fits is taken.</param>
    public static string Of(string pattern, Func<string, IEnumerable<string>>? values = null)
    {
        var sample = new PatternSample(pattern, values ?? (static _ => []));
        var text = sample.Alternatives();
        return text.Length > MostRepetitions ? text[..MostRepetitions] : text;
    }

    private bool IsAt(char character) => _at < _pattern.Length && _pattern[_at] == character;

    private string Alternatives()
    {
        var first = Sequence();
        while (IsAt('|'))
        {
            _at++;
            Sequence();
        }

        return first;
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var named = _hasNamed;
            _hasNamed = false;
            var atom = Atom();
            var times = Repetitions(_hasNamed ? 1 : 0);
            _hasNamed |= named;
            for (var i = 0; i < times && text.Length <= MostRepetitions; i++)
            {
                text.Append(atom);
            }
        }

        return text.ToString();
    }

    private string Atom()
    {
        var start = _at;
        switch (_pattern[_at++])
        {
            case '^' or '$':
                return "";
            case '(':
                return Group();
            case '[':
                SkipClass();
                return OneOf(_pattern[start.._at]);
            case '\\':
                return Escape(start);
            case '.':
                return "x";
            case var literal:
                return literal.ToString();
        }
    }

    private string Group()
    {
        if (++_depth > MostDepth)
        {
            _at = _pattern.Length;
            return "";
        }

        var name = Prefix();
        var start = _at;
        var text = IsAt(')') ? "" : Alternatives();
        var body = _pattern[start.._at];
        _at = Math.Min(_at + 1, _pattern.Length);
        _depth--;
        if (name is null)
        {
            return text;
        }

        _hasNamed = true;
        return _values(name).FirstOrDefault(v => Matches(body, v)) ?? text;
    }

    /// <summary>Takes what stands behind the opening parenthesis.</summary>
    /// <returns>The group's name; null: it has none.</returns>
    private string? Prefix()
    {
        if (!IsAt('?'))
        {
            return null;
        }

        if (_at + 1 < _pattern.Length && _pattern[_at + 1] is '<' or '\'' && _pattern.IndexOfAny(['>', '\''], _at + 2) is > 0 and var end)
        {
            var name = _pattern[(_at + 2)..end];
            _at = end + 1;
            return name;
        }

        // Options for the rest, for a group, or none: (?i) (?i:…) (?:…).
        while (_at < _pattern.Length && _pattern[_at] != ')' && _pattern[_at++] is not ':' and var option)
        {
            _ignoresCase |= option == 'i';
        }

        return null;
    }

    private void SkipClass()
    {
        _at += IsAt('^') ? 1 : 0;
        _at += IsAt(']') ? 1 : 0;
        while (_at < _pattern.Length && _pattern[_at] != ']')
        {
            if (IsAt('\\'))
            {
                _at++;
            }
            else if (IsAt('-') && _at + 1 < _pattern.Length && _pattern[_at + 1] == '[')
            {
                _at += 2;
                SkipClass();
                continue;
            }

            _at++;
        }

        _at = Math.Min(_at + 1, _pattern.Length);
    }

    private string Escape(int start)
    {
        if (_at == _pattern.Length)
        {
            return "";
        }

        var kind = _pattern[_at++];
        if (kind is 'b' or 'B' or 'A' or 'z' or 'Z' or 'G')
        {
            return "";
        }

        _at = Math.Min(_pattern.Length, kind switch
        {
            'x' => _at + 2,
            'u' => _at + 4,
            'c' => _at + 1,
            'p' or 'P' => _pattern.IndexOf('}', _at) + 1,
            _ => _at,
        });
        return OneOf(_pattern[start.._at]);
    }

    /// <summary>Takes <c>*</c>, <c>+</c>, <c>?</c>, <c>{2,3}</c>.</summary>
    private int Repetitions(int atLeast)
    {
        var least = 1;
        if (IsAt('*') || IsAt('?') || IsAt('+'))
        {
            least = _pattern[_at++] == '+' ? 1 : 0;
        }
        else if (IsAt('{') && _pattern.IndexOf('}', _at) is > 0 and var end && int.TryParse(_pattern[(_at + 1)..end].Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            (_at, least) = (end + 1, Math.Min(number, MostRepetitions));
        }
        else
        {
            return 1;
        }

        _at += IsAt('?') ? 1 : 0;
        return Math.Max(least, atLeast);
    }

    /// <summary>The first character that a class or an escape means, digits before letters before the rest.</summary>
    private static string OneOf(string atom)
    {
        try
        {
            var regex = new Regex($"^{atom}$", RegexOptions.CultureInvariant);
            const string first = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            return first.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c)).Select(static c => c.ToString()).FirstOrDefault(regex.IsMatch) ?? "";
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    private bool Matches(string body, string value)
    {
        try
        {
            return Regex.IsMatch(value, $"^(?:{body})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (_ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
