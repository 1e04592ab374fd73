using System.Collections.Frozen;

namespace Gateway.Broker;

/// <summary>The users of a file in mosquitto_passwd's format: <c>user:hash</c> per line.</summary>
public sealed class PasswordFile
{
    private readonly FrozenDictionary<string, PasswordHash> _users;

    private PasswordFile(FrozenDictionary<string, PasswordHash> users) => _users = users;

    public int Count => _users.Count;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problem">What is wrong with it, as <c>file:line: what; what to do</c>; null: nothing.</param>
    /// <returns>null: it cannot be used.</returns>
    public static PasswordFile? TryRead(string path, out string? problem)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the password file cannot be read: {e.Message}; make it with mosquitto_passwd -c {path} USER, readable for the gateway's user";
            return null;
        }

        return TryParse(path, lines, out problem);
    }

    internal static PasswordFile? TryParse(string path, IReadOnlyList<string> lines, out string? problem)
    {
        var users = new Dictionary<string, PasswordHash>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0 || !PasswordHash.TryParse(line[(colon + 1)..], out var hash))
            {
                problem = $"{path}:{i + 1}: this is no user with a $7$ or $6$ hash; write it with mosquitto_passwd {path} USER";
                return null;
            }

            if (!users.TryAdd(line[..colon], hash))
            {
                problem = $"{path}:{i + 1}: the user {line[..colon]} is here a second time; remove one of the lines";
                return null;
            }
        }

        problem = null;
        return new PasswordFile(users.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether this is the user's password. Takes as long for a user that does not exist.</summary>
    public bool Verify(string user, ReadOnlySpan<byte> password) => _users.GetValueOrDefault(user, PasswordHash.Nobody).Verify(password);
}
