namespace Gateway.Core;

/// <summary>The answer to a command (schema <c>response.v1</c>).</summary>
/// <param name="Id">The command's id.</param>
/// <param name="Result">ok, rejected (nothing was written) or failed (something may have been written).</param>
/// <param name="Reason">One of <see cref="CommandReason"/>, or the field's words; null when ok.</param>
/// <param name="Detail">For people; null: nothing to add.</param>
/// <param name="Values">What the points hold now, as far as they were read back.</param>
public sealed record CommandAnswer(
    string Id, CommandResult Result, string? Reason = null, string? Detail = null, IReadOnlyList<PointAnswer>? Values = null)
{
    public static CommandAnswer Rejected(string id, string reason, string? detail = null) => new(id, CommandResult.Rejected, reason, detail);

    /// <param name="at">When it was answered, UTC.</param>
    public byte[] ToJson(DateTimeOffset at)
    {
        var json = JsonPayload.Open()
            .Member("id", Id)
            .Member("result", Result switch { CommandResult.Ok => "ok", CommandResult.Rejected => "rejected", _ => "failed" })
            .Member("reason", Reason)
            .Member("detail", Detail);
        if (Values is { Count: > 0 })
        {
            json.OpenObject("values");
            foreach (var (point, value) in Values)
            {
                Write(json, point, value);
            }

            json.CloseObject();
        }

        return json.Member("ts", at.ToUnixTimeMilliseconds()).Member("schema", "response.v1").Close();
    }

    /// <summary><c>"setpoint":21.5</c>; of a point whose values have names <c>"mode":{"v":2,"label":"heating"}</c>, as in its readings.</summary>
    private static void Write(JsonPayload json, PointOptions point, in PointValue value)
    {
        if (point.Labels?.Of(value) is { } label)
        {
            json.OpenObject(point.Id).Member("v", ReadingPayload.Shown(point, value)).Member("label", label).CloseObject();
        }
        else
        {
            json.Member(point.Id, ReadingPayload.Shown(point, value));
        }
    }
}

/// <param name="Point">What was written.</param>
/// <param name="Value">What it holds now, scaled.</param>
public readonly record struct PointAnswer(PointOptions Point, PointValue Value);

public enum CommandResult : byte
{
    Ok,
    Rejected,
    Failed,
}

/// <summary>Reasons for which the gateway itself does not carry out a command.</summary>
public static class CommandReason
{
    public const string Malformed = "malformed";
    public const string Retained = "retained";
    /// <summary>The device left the configuration between accepting and carrying out.</summary>
    public const string UnknownDevice = "unknown-device";

    public const string UnknownPoint = "unknown-point";
    public const string NotWritable = "not-writable";
    public const string WrongType = "wrong-type";
    public const string OutOfRange = "out-of-range";
    public const string Expired = "expired";

    /// <summary>It has an absolute end, and our clock cannot be trusted.</summary>
    public const string Clock = "clock";

    /// <summary>Its id was executed, or is being executed.</summary>
    public const string Repeated = "repeated";

    /// <summary>Too many commands wait, or are remembered.</summary>
    public const string Busy = "busy";

    /// <summary>The gateway stopped between accepting and answering; whether the device got it is not known.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The disk fails, so it could not be accepted.</summary>
    public const string Storage = "storage";
}
