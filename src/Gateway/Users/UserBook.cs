using System.Text;
using Gateway.Broker;
using Gateway.Identity;

namespace Gateway.Users;

/// <summary>Users and roles, changed by one at a time.</summary>
/// <remarks>A power cut between the two files leaves a user who may do less than was meant, never more: roles are taken away before and given after, and a user without one is a viewer.</remarks>
internal sealed class UserBook : IDisposable
{
    private readonly string _users;
    private readonly FolderLock _lock;

    private UserBook(string users, FolderLock folder) => (_users, _lock) = (users, folder);

    /// <exception cref="IOException">The folder is not there, or somebody else is changing users.</exception>
    public static UserBook Open(string users) => new(users, FolderLock.Take(Path.GetDirectoryName(users)!));

    public bool Has(string user) => NamedLines.Read(_users).Has(user);

    /// <summary>Adds the user, or sets its password.</summary>
    public void SetPassword(string user, string password)
    {
        var lines = NamedLines.Read(_users);
        lines.Set(user, PasswordHash.Create(Encoding.UTF8.GetBytes(password)));
        lines.Write();
    }

    /// <summary>Gives the user a role.</summary>
    public void SetRole(string user, string role)
    {
        var roles = NamedLines.Read(UsersFile.RolesBeside(_users));
        if (role == Roles.Viewer ? roles.Remove(user) : roles.Set(user, role))
        {
            roles.Write();
        }
    }

    public void Remove(string user)
    {
        SetRole(user, Roles.Viewer);
        var lines = NamedLines.Read(_users);
        if (lines.Remove(user))
        {
            lines.Write();
        }
    }

    public void Dispose() => _lock.Dispose();
}
