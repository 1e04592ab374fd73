using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Identity;

/// <summary>Who this gateway is: kept in <c>identity.json</c>, unique and stable.</summary>
/// <param name="Id">Its id, also in topics.</param>
/// <param name="MachineId">The machine on which it was last started.</param>
/// <param name="Boot">How often it was started.</param>
internal sealed record StoredIdentity(string Id, string MachineId, int Boot)
{
    private const string FileName = "identity.json";

    /// <summary>Reads the identity of the data folder, makes one at the first start, and counts this start.</summary>
    /// <param name="folder">The data folder; it exists.</param>
    /// <param name="configuredId">gateway.id, or null.</param>
    /// <exception cref="IOException">The folder cannot be written, or the file is damaged.</exception>
    public static StoredIdentity Start(string folder, string? configuredId)
    {
        var path = Path.Combine(folder, FileName);
        var kept = Read(path);
        var identity = new StoredIdentity(configuredId ?? kept?.Id ?? NewId(), ReadMachineId(), (kept?.Boot ?? 0) + 1);
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(identity, IdentityJson.Default.StoredIdentity));
        return identity;
    }

    /// <summary>The id of the gateway that worked on the data folder last; null: none ever did.</summary>
    public static string? LastId(string folder) => Read(Path.Combine(folder, FileName))?.Id;

    /// <summary>Whether the data folder was last used on another machine: a cloned or restored card.</summary>
    public static bool IsFromAnotherMachine(string folder) =>
        Read(Path.Combine(folder, FileName)) is { } kept && kept.MachineId != ReadMachineId();

    /// <summary>The id that was made at the first start; null: there was none yet, or it cannot be read.</summary>
    public static string? TryReadId(string folder)
    {
        try
        {
            return Read(Path.Combine(folder, FileName))?.Id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static StoredIdentity? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), IdentityJson.Default.StoredIdentity);
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is damaged ({e.Message}); restore it, or set gateway.id and remove it", e);
        }
    }

    private static string NewId() => $"gw-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private static string ReadMachineId()
    {
        const string Path = "/etc/machine-id";
        return File.Exists(Path) ? File.ReadAllText(Path).Trim() : "unknown";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StoredIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
