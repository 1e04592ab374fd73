using Gateway.Configuration;

namespace Gateway;

/// <summary>Keys of devices that are not where they are said to be, or are none. Warnings: the device stays offline, everything else runs, and a file that is corrected is read again.</summary>
internal static class DeviceSecrets
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        foreach (var device in configuration.Devices)
        {
            foreach (var (what, secret, whyNot) in device.Address.Secrets)
            {
                // Credentials and variables are the service's; only files can be judged by who asks.
                if (secret.Kind != SecretKind.File)
                {
                    continue;
                }

                if (!File.Exists(secret.Name))
                {
                    problems.Warn(device.Position, $"{secret.Name} ({what} of {device.Id}) is not there", $"put it there: {device.Id} stays offline without it");
                }
                else if (secret.TryRead(out _) is { } text && whyNot(text) is { } problem)
                {
                    problems.Warn(device.Position, $"{secret.Name}: {what} of {device.Id} {problem}", "copy it anew from the maker's app, or from where the device was set up");
                }
            }
        }
    }
}
