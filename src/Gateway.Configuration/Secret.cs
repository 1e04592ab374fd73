namespace Gateway.Configuration;

/// <summary>A secret, named by where it is kept; it never stands in the configuration itself, nor in any output.</summary>
/// <param name="Kind">Where it is kept.</param>
/// <param name="Name">Absolute path of the file, name of the environment variable, or name of the systemd credential.</param>
public sealed record Secret(SecretKind Kind, string Name)
{
    /// <summary>Reads it, without the line end of a file. Null if it is not there, and why.</summary>
    public string? TryRead(out string? problem)
    {
        problem = null;
        try
        {
            switch (Kind)
            {
                case SecretKind.Environment:
                    var value = Environment.GetEnvironmentVariable(Name);
                    problem = value is null ? $"the environment variable {Name} is not set" : null;
                    return value;
                case SecretKind.Credential:
                    var folder = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
                    if (folder is null)
                    {
                        problem = $"the credential {Name} needs systemd: LoadCredential={Name}:/path in the unit";
                        return null;
                    }

                    return File.ReadAllText(Path.Combine(folder, Name)).TrimEnd('\r', '\n');
                default:
                    return File.ReadAllText(Name).TrimEnd('\r', '\n');
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The sentence's full stop would stand in the middle of ours.
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }

    public override string ToString() => $"{Kind} {Name}";
}

public enum SecretKind : byte
{
    File,
    Environment,
    Credential,
}
