using System.Collections.Frozen;
using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The users of a file in mosquitto_passwd's format: <c>user:hash</c> per line.</summary>
public sealed class PasswordFile
{
    private readonly FrozenDictionary<string, PasswordHash> _users;

    private PasswordFile(FrozenDictionary<string, PasswordHash> users) => _users = users;

    public int Count => _users.Count;

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => _users.Keys;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problems">Gets everything that is wrong with it.</param>
    /// <returns>null: it cannot be used.</returns>
    public static PasswordFile? TryRead(string path, ProblemList problems)
    {
        try
        {
            return TryParse(path, File.ReadAllLines(path), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(
                new SourcePosition(path, 1, 1),
                $"the password file cannot be read: {e.Message.TrimEnd('.')}",
                $"make it with edge-gateway user add USER or mosquitto_passwd -c {path} USER, readable by {Environment.UserName}");
            return null;
        }
    }

    internal static PasswordFile? TryParse(string path, IReadOnlyList<string> lines, ProblemList problems)
    {
        var users = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
        var failed = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var colon = line.IndexOf(':');
            var position = new SourcePosition(path, i + 1, 1);
            if (colon <= 0 || !PasswordHash.TryParse(line[(colon + 1)..], out var hash))
            {
                problems.Error(position, "this is no user with a $7$ or $6$ hash", "write it with edge-gateway user passwd USER or mosquitto_passwd");
                failed = true;
            }
            else if (!users.TryAdd(line[..colon], hash))
            {
                problems.Error(position, $"the user {line[..colon]} is here a second time", "remove one of the lines");
                failed = true;
            }
        }

        return failed ? null : new PasswordFile(users.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>What is remembered of the user's password; null: there is no such user.</summary>
    internal PasswordHash? HashOf(string user) => _users.GetValueOrDefault(user);

    /// <summary>Whether this is the user's password. Takes as long for a user that does not exist.</summary>
    public bool Verify(string user, ReadOnlySpan<byte> password) => _users.GetValueOrDefault(user, PasswordHash.Nobody).Verify(password);
}
