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
    public const string FileName = "identity.json";

    /// <summary>The start at which the folder had come from elsewhere last: what an earlier start wrote is a copy, of which newer ones may have existed. 0: it never did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CopiedAt { get; init; }

    /// <summary>Names of the states that adapters keep beside it (<see cref="Hosting.KeptStates"/>): one that is missing was lost. null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Keeps { get; init; }

    /// <summary>Reads the identity of the data folder, makes one at the first start, and counts this start.</summary>
    /// <param name="folder">The data folder; it exists.</param>
    /// <param name="configuredId">gateway.id, or null.</param>
    /// <param name="machine">Where it is used now; null: what that means is not on the disk yet, so the next start must find out again.</param>
    /// <exception cref="IOException">The folder cannot be written, or the file is damaged.</exception>
    public static StoredIdentity Start(string folder, string? configuredId, string? machine)
    {
        var kept = Read(folder);
        var start = (kept?.Boot ?? 0) + 1;
        var isCopy = kept is not null && kept.MachineId != machine;
        var identity = new StoredIdentity(configuredId ?? kept?.Id ?? NewId(), machine ?? kept?.MachineId ?? "unknown", start)
        {
            CopiedAt = isCopy ? start : kept?.CopiedAt ?? 0,
            Keeps = kept?.Keeps,
        };
        identity.Write(folder);
        return identity;
    }

    /// <summary>The id of the gateway that worked on the data folder last; null: none ever did.</summary>
    public static string? LastId(string folder) => Read(folder)?.Id;

    /// <summary>Where the data folder was last used, if that was not here: a cloned card, or a restored backup. null: here, or never.</summary>
    public static string? CameFrom(string folder, string machine) => Read(folder) is { } kept && kept.MachineId != machine ? kept.MachineId : null;

    /// <summary>The id that was made at the first start; null: there was none yet, or it cannot be read.</summary>
    public static string? TryReadId(string folder)
    {
        try
        {
            return Read(folder)?.Id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file in the folder, durably.</summary>
    public void Write(string folder) =>
        DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.StoredIdentity));

    /// <returns>null: the folder has none.</returns>
    /// <exception cref="IOException">The file is damaged.</exception>
    public static StoredIdentity? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
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
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StoredIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
