using System.Collections.Frozen;
using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The roles of users: <c>user:role</c> per line, in a file beside the users', because mosquitto_passwd keeps neither comments nor a third column. Who is not in it is a viewer.</summary>
public sealed class RoleFile
{
    /// <summary>Appended to the name of the users' file.</summary>
    public const string Suffix = ".roles";

    /// <summary>Nobody has a role: all are viewers.</summary>
    public static readonly RoleFile Empty = new(FrozenDictionary<string, string>.Empty);

    private readonly FrozenDictionary<string, string> _roles;

    private RoleFile(FrozenDictionary<string, string> roles) => _roles = roles;

    /// <summary>Users with a role.</summary>
    public IReadOnlyCollection<string> Users => _roles.Keys;

    /// <summary>The user's role, by default that which allows least.</summary>
    public string RoleOf(string user) => _roles.GetValueOrDefault(user, Roles.Viewer);

    /// <summary>Reads the file beside a users' file; one that is not there holds no roles.</summary>
    /// <param name="users">Path of the users' file.</param>
    /// <param name="problems">Gets everything that is wrong with it.</param>
    /// <returns>null: it cannot be used.</returns>
    public static RoleFile? TryReadBeside(string users, ProblemList problems)
    {
        var path = users + Suffix;
        try
        {
            return File.Exists(path) ? TryParse(path, File.ReadAllLines(path), problems) : Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new SourcePosition(path, 1, 1), $"the roles cannot be read: {e.Message.TrimEnd('.')}", $"make the file readable by {Environment.UserName}");
            return null;
        }
    }

    internal static RoleFile? TryParse(string path, IReadOnlyList<string> lines, ProblemList problems)
    {
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        var failed = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            // A user's name may hold no colon in mosquitto_passwd's format.
            var colon = line.IndexOf(':');
            var (user, role) = colon < 0 ? (line, "") : (line[..colon].Trim(), line[(colon + 1)..].Trim());
            var position = new SourcePosition(path, i + 1, 1);
            if (user.Length == 0 || !Roles.Names.Contains(role))
            {
                problems.Error(position, "this is no user with a role", $"write {(user.Length == 0 ? "USER" : user)}:{NearestKey.Of(role, Roles.Names) ?? Roles.Viewer}; roles are {string.Join(", ", Roles.Names)}");
                failed = true;
            }
            else if (!roles.TryAdd(user, role))
            {
                problems.Error(position, $"the user {user} is here a second time", "remove one of the lines");
                failed = true;
            }
        }

        return failed ? null : new RoleFile(roles.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
