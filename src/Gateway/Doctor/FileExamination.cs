using System.Runtime.CompilerServices;
using Gateway.Configuration;

namespace Gateway.Doctor;

/// <summary>The files that the configuration names: there, readable by us, and secrets by nobody else.</summary>
internal sealed class FileExamination(GatewayConfiguration configuration) : IExamination
{
    private const string Part = "files";
    private const UnixFileMode Strangers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var count = 0;
        foreach (var (path, what) in Secrets())
        {
            count++;
            if (!File.Exists(path))
            {
                yield return new Finding(Part, Severity.Fault, $"{path} ({what}) is not there", "put it there");
            }
            else if ((File.GetUnixFileMode(path) & Strangers) != 0)
            {
                yield return new Finding(Part, Severity.Warning, $"{path} ({what}) can be read by every user of this machine", $"chmod o-rw {path}");
            }
        }

        yield return Finding.Good(Part, $"{count} secret files looked at");
    }

    private IEnumerable<(string Path, string What)> Secrets()
    {
        if (configuration.Broker.PasswordFile is { } users)
        {
            yield return (users, "the broker's users");
        }

        foreach (var key in configuration.Broker.Listeners.Select(l => l.Tls?.Key).OfType<string>())
        {
            yield return (key, "the key of the broker's certificate");
        }

        foreach (var device in configuration.Devices)
        {
            foreach (var (what, secret, _) in device.Address.Secrets)
            {
                if (secret.Kind == SecretKind.File)
                {
                    yield return (secret.Name, $"{what} of {device.Id}");
                }
            }
        }

        foreach (var bridge in configuration.Bridges)
        {
            if (bridge.Password is { Kind: SecretKind.File, Name: var name })
            {
                yield return (name, $"the password of the bridge {bridge.Id}");
            }

            if (bridge.Tls?.Key is { } key)
            {
                yield return (key, $"the key of the bridge {bridge.Id}");
            }
        }
    }
}
