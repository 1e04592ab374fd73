using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Reads Mosquitto's ACL format and tells everything that is wrong with a file at once.</summary>
internal sealed class AclParser(string file, ProblemList problems)
{
    /// <summary>Stands for the client identifier in a pattern.</summary>
    public const string Client = "%c";

    /// <summary>Stands for the user name in a pattern.</summary>
    public const string User = "%u";

    private static readonly string[] s_lines = ["user", "topic", "pattern"];
    private static readonly string[] s_accesses = ["read", "write", "readwrite", "deny"];

    private readonly Dictionary<string, IReadOnlyList<AclRule>> _users = new(StringComparer.Ordinal);
    private readonly List<AclRule> _anonymous = [];
    private readonly List<AclRule> _patterns = [];
    private List<AclRule>? _rules;
    private bool _failed;

    /// <returns>null: it cannot be used, and the problems say why.</returns>
    public static AclFile? TryParse(string file, IReadOnlyList<string> lines, ProblemList problems)
    {
        var parser = new AclParser(file, problems);
        parser._rules = parser._anonymous;
        for (var i = 0; i < lines.Count; i++)
        {
            parser.Read(lines[i].TrimEnd(), i + 1);
        }

        return parser._failed ? null : new AclFile(parser._users, parser._anonymous, parser._patterns);
    }

    private void Read(string text, int line)
    {
        var start = text.Length - text.TrimStart(' ').Length;
        if (start == text.Length || text[start] == '#')
        {
            return;
        }

        var end = text.IndexOf(' ', start) is >= 0 and var space ? space : text.Length;
        var word = text[start..end];
        var rest = text[end..].TrimStart(' ');
        var column = text.Length - rest.Length + 1;
        if (text.Contains('\t'))
        {
            Wrong(line, text.IndexOf('\t') + 1, "a tab is no separator here", "write a space");
        }
        else if (!s_lines.Contains(word))
        {
            var instead = NearestKey.Of(word, s_lines) is { } near ? $"write {near}" : "write user NAME, topic [read|write|readwrite|deny] TOPIC, or pattern [read|write|readwrite|deny] TOPIC";
            Wrong(line, start + 1, $"{Shown(word)} begins no line of an ACL file", instead);
        }
        else if (rest.Length == 0)
        {
            Wrong(line, end + 1, word == "user" ? "the user's name is missing" : "the topic is missing", word == "user" ? "write user NAME" : $"write {word} read TOPIC");
        }
        else if (word == "user")
        {
            Begin(rest);
        }
        else
        {
            Add(word == "pattern", rest, line, column);
        }
    }

    private void Begin(string user)
    {
        _rules = _users.TryGetValue(user, out var known) ? (List<AclRule>)known : [];
        _users[user] = _rules;
    }

    private void Add(bool isPattern, string rest, int line, int column)
    {
        var space = rest.IndexOf(' ');
        var access = AclAccess.Read | AclAccess.Write;
        var filter = rest;
        if (space >= 0)
        {
            var word = rest[..space];
            filter = rest[space..].TrimStart(' ');
            if (!TryAccess(word, out access))
            {
                Wrong(line, column, $"{Shown(word)} is no access", NearestKey.Of(word, s_accesses) is { } near ? $"write {near}" : "write read, write, readwrite or deny");
                return;
            }
        }
        else if (s_accesses.Contains(rest))
        {
            problems.Warn(At(line, column), $"{rest} stands here as a topic", $"write the topic behind it, if {rest} is meant as the access");
        }

        // As in Mosquitto, the placeholders are replaced by text: they need not fill a level.
        if (!TopicFilter.IsValid(filter))
        {
            Wrong(line, column + rest.Length - filter.Length, $"{Shown(filter)} is no topic filter", "write + and # only as whole levels, and # only as the last one");
            return;
        }

        if (isPattern && !filter.Contains(Client, StringComparison.Ordinal) && !filter.Contains(User, StringComparison.Ordinal))
        {
            problems.Warn(At(line, column), "a pattern without %c and %u is a rule for everybody", "write topic below a user line, if it is not meant for all");
        }

        (isPattern ? _patterns : _rules!).Add(new AclRule(filter, access));
    }

    private static bool TryAccess(string word, out AclAccess access)
    {
        access = word switch
        {
            "read" => AclAccess.Read,
            "write" => AclAccess.Write,
            "readwrite" => AclAccess.Read | AclAccess.Write,
            _ => AclAccess.Deny,
        };
        return s_accesses.Contains(word);
    }

    private void Wrong(int line, int column, string wrong, string instead)
    {
        problems.Error(At(line, column), wrong, instead);
        _failed = true;
    }

    private SourcePosition At(int line, int column) => new(file, line, column);

    private static string Shown(string text) => text.Length <= 64 ? $"\"{text}\"" : $"\"{text[..64]}…\"";
}
