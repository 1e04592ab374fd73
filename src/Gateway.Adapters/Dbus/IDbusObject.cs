namespace Gateway.Adapters.Dbus;

/// <summary>One interface of one of our objects, for others on the bus to call. Answers at once: it is called by the task that reads the connection.</summary>
internal interface IDbusObject
{
    string Interface { get; }

    /// <summary>Its properties, which others can only read.</summary>
    IReadOnlyList<(string Name, DbusValue Value)> Properties { get; }

    /// <summary>Its methods for introspection: the name, and the signature of what goes in.</summary>
    IReadOnlyList<(string Name, string Signature)> Methods { get; }

    /// <param name="call">A call of one of <see cref="Methods"/>, with arguments of its signature.</param>
    /// <returns>The values of the answer, or why not.</returns>
    (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call);
}
