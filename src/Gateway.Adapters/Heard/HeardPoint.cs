using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>A point whose value comes in what the device says by itself.</summary>
/// <param name="Field">The decoder's name of the value (<c>temperature</c>); null: the point's id.</param>
public record HeardPoint(string? Field) : PointAddress
{
    public override bool IsPolled => false;

    public override string ToString() => Field is null ? "as heard" : $"as heard: {Field}";
}
