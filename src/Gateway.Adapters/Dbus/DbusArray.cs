namespace Gateway.Adapters.Dbus;

/// <summary>An array, which knows its elements' type even without any.</summary>
/// <param name="ElementSignature">One complete type, or a dictionary entry's (<c>{sv}</c>).</param>
/// <param name="Items">Its elements.</param>
internal sealed record DbusArray(string ElementSignature, IReadOnlyList<DbusValue> Items);
