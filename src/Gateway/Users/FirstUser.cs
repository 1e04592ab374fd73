using System.Security.Cryptography;
using System.Text;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Identity;

namespace Gateway.Users;

/// <summary>The user of a gateway for which nobody has made users: it is there from the first start, with a password that nobody else knows.</summary>
internal static class FirstUser
{
    public const string Name = "installer";

    private const string PasswordName = "installer-password";

    /// <summary>Without what is mistaken for something else: 0 o, 1 i l.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>4 groups of 4: 79 bits, and read out over the telephone.</summary>
    private const int Groups = 4;

    private const int GroupLength = 4;

    /// <summary>Makes the user if the configuration names no users and there are none.</summary>
    /// <param name="options">The broker's section.</param>
    /// <param name="data">The data folder; it exists.</param>
    /// <returns>The options with the users in them, or with the reason why there are none; and the password, if the user was made just now.</returns>
    public static (BrokerOptions Options, string? Password) Ensure(BrokerOptions options, string data)
    {
        if (options.PasswordFile is not null || options.Anonymous)
        {
            return (options, null);
        }

        var users = UsersFile.In(data);
        options = options with { OwnUsers = users };
        if (File.Exists(users))
        {
            return (options, null);
        }

        try
        {
            var password = string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));
            using var book = UserBook.Open(users);

            // The users' file comes last: without it, all of this is done again.
            DurableFile.ReplacePrivate(PasswordFileIn(data), Encoding.ASCII.GetBytes(password + "\n"));
            book.SetRole(Name, Roles.Admin);
            book.SetPassword(Name, password);
            return (options, password);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (options with { OwnUsers = null, NoUsersBecause = $"{users} could not be made: {e.Message.TrimEnd('.')}" }, null);
        }
    }

    /// <summary>Where the first password is kept until it is changed.</summary>
    public static string PasswordFileIn(string data) => Path.Combine(data, PasswordName);

    /// <summary>Removes the file with the first password once that is not the password any more.</summary>
    public static void Tidy(string data)
    {
        var file = PasswordFileIn(data);
        if (!File.Exists(file))
        {
            return;
        }

        var users = PasswordFile.TryRead(UsersFile.In(data), new ProblemList());
        if (users is not null && !users.Verify(Name, Encoding.UTF8.GetBytes(File.ReadAllText(file).TrimEnd())))
        {
            File.Delete(file);
        }
    }
}
