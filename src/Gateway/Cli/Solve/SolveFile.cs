using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>What is left to choose from, between one look at a display and the next (<c>--save</c>, <c>--from</c>).</summary>
/// <param name="Unit">Whose registers these are.</param>
/// <param name="Seen">What the display showed last.</param>
/// <param name="Candidates">What fitted.</param>
internal sealed record SolveFile(byte Unit, decimal Seen, IReadOnlyList<Candidate> Candidates)
{
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        using var file = File.Create(path);
        JsonSerializer.Serialize(file, this, SolveJson.Default.SolveFile);
    }

    /// <exception cref="IOException">It cannot be read, or is something else.</exception>
    public static SolveFile Read(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize(file, SolveJson.Default.SolveFile) is { Candidates: not null } kept ? kept : throw Other(path);
        }
        catch (JsonException)
        {
            throw Other(path);
        }
    }

    private static IOException Other(string path) => new($"{path} was not written by solve --save; begin again without --from");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(SolveFile))]
internal sealed partial class SolveJson : JsonSerializerContext;
