namespace Gateway.Web;

/// <summary>One thing that can be asked of the running daemon.</summary>
/// <param name="Method">HTTP method: GET changes nothing.</param>
/// <param name="Path">Begins with <c>/v1/</c>; what is asked for stands in the query.</param>
/// <param name="Access">Who may ask.</param>
/// <param name="ServeAsync">Answers. A <see cref="ControlException"/> becomes an error with its remedy.</param>
internal sealed record ControlRoute(string Method, string Path, ControlAccess Access, Func<ControlExchange, Task> ServeAsync);

internal enum ControlAccess
{
    /// <summary>Whoever may open the socket.</summary>
    Everyone,

    /// <summary>root, the gateway's own user, and the members of its group: payloads are seen, or something is changed.</summary>
    Operators,
}
