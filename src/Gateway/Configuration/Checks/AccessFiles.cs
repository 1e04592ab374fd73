using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Users;

namespace Gateway;

/// <summary>What stands in the files that decide who gets in and may do what. The gateway does not start with a wrong one.</summary>
internal static class AccessFiles
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var broker = configuration.Broker;
        foreach (var tls in broker.Listeners.Select(l => l.Tls).OfType<ListenerTlsOptions>())
        {
            CheckCertificates(tls, problems);
        }

        PasswordFile? users = null;
        var path = UsersFile.Of(configuration);
        if (IsReadable(path, problems))
        {
            users = PasswordFile.TryRead(path, problems);
            var roles = RoleFile.TryReadBeside(path, problems);
            if (users is not null && roles?.Users.Except(users.Names).Order().FirstOrDefault() is { } stranger)
            {
                problems.Warn(new(path + RoleFile.Suffix, 1, 1), $"{stranger} has a role and is no user", "remove the line, lest the next one of that name gets the role");
            }
        }

        if (broker.AclFile is { } file && IsReadable(file, problems) && AclFile.TryRead(file, problems) is { } acl && users is not null
            && acl.Users.Except(users.Names).Order().FirstOrDefault() is { } unknown)
        {
            problems.Warn(new(file, 1, 1), $"{unknown} has rules and is no user", $"add it with edge-gateway user add {unknown}, or remove its rules");
        }
    }

    private static void CheckCertificates(ListenerTlsOptions tls, ProblemList problems)
    {
        var files = new[] { tls.Certificate, tls.Key, tls.ClientCa }.OfType<string>().ToList();
        if (files.Find(f => !File.Exists(f)) is { } missing)
        {
            problems.Error(tls.Position, $"{missing} is not there", "put it there, or correct tls");
        }
        else if (!files.TrueForAll(f => IsReadable(f, problems)))
        {
            return;
        }
        else if (ServerCertificate.TryLoad(tls, out var problem) is not { } certificate)
        {
            problems.Error(tls.Position, problem!, "correct the files, or tls");
        }
        else if (certificate.Warning(tls.Certificate, TimeProvider.System.GetUtcNow()) is { } warning)
        {
            problems.Warn(tls.Position, warning, "put a new one in its place; it is read without a restart");
        }
    }

    /// <summary>Whoever checks need not be the gateway's user, who alone may read such files. What is not there has been told.</summary>
    private static bool IsReadable(string path, ProblemList problems)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Warn(new(path, 1, 1), $"{Environment.UserName} may not read it: it was not checked", "check as the gateway's user, or as root");
            return false;
        }
    }
}
