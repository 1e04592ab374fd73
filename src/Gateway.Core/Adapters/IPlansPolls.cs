namespace Gateway.Core;

/// <summary>A protocol that polls, and can tell beforehand what it will ask. For <c>check --plan</c>; opens nothing.</summary>
public interface IPlansPolls
{
    /// <param name="link">A link of this protocol.</param>
    /// <param name="devices">Its devices.</param>
    LinkPlan Plan(LinkOptions link, IReadOnlyList<DeviceOptions> devices);
}

/// <param name="Requests">What is asked, device by device.</param>
/// <param name="Load">How full the wire will be; null where there is none to be filled (TCP).</param>
public sealed record LinkPlan(IReadOnlyList<PlannedRequest> Requests, WireLoad? Load);

/// <summary>One request that is sent again and again.</summary>
/// <param name="Device">Id of the device.</param>
/// <param name="Address">The device on its link, for people (<c>unit 17</c>).</param>
/// <param name="Function">What is asked (<c>3 read holding registers</c>).</param>
/// <param name="Range">Of what (<c>holding 100..149</c>).</param>
/// <param name="Points">Ids of the points that are read.</param>
/// <param name="Every">How often.</param>
/// <param name="RequestBytes">Bytes of the request on the wire, frame included.</param>
/// <param name="ResponseBytes">Bytes of its response.</param>
/// <param name="WireTime">How long both hold the wire, with the silences that must stand between; null where that does not matter.</param>
public sealed record PlannedRequest(
    string Device, string Address, string Function, string Range, IReadOnlyList<string> Points, TimeSpan Every, int RequestBytes, int ResponseBytes, TimeSpan? WireTime);

/// <summary>Shares of a wire's time; 1 is full.</summary>
/// <param name="Wire">What the characters and silences take: less is not possible.</param>
/// <param name="Likely">The same, with <paramref name="Turnaround"/> for each response.</param>
/// <param name="Turnaround">What a device commonly takes to begin its answer.</param>
/// <param name="Remedy">What to do if it is too much.</param>
public sealed record WireLoad(double Wire, double Likely, TimeSpan Turnaround, string Remedy)
{
    /// <summary>0.8: the rest is for commands, repeated requests and devices that take their time.</summary>
    public const double NearlyFull = 0.8;
}
