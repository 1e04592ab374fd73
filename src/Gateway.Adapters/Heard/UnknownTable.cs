using Gateway.Configuration;

namespace Gateway.Adapters.Heard;

/// <summary>What may stand behind a link's <c>unknown</c>.</summary>
/// <param name="prefix">Begins the ids of devices that are found (<c>ble-</c>).</param>
/// <param name="pattern">An example of an address pattern.</param>
internal sealed class UnknownTable(string prefix, string pattern)
{
    private readonly string _id = prefix + UnknownOptions.AddressVariable;

    public UnknownOptions Read(MapReader map) => map.Optional(
        "unknown",
        Kinds.ScalarOrMap(
            Kinds.Choice(("ignore", UnknownOptions.Ignored), ("list", UnknownOptions.Listed))
                .Refuse("allow", "which devices are allowed is not said", $"write {{ allow: [\"{pattern}\"] }}, or {{ allow: \"*\" }} for all of them"),
            new Table<UnknownOptions>("a map with allow", $"{{ allow: [\"{pattern}\"] }}", ReadAllowed)),
        UnknownOptions.Ignored,
        "What becomes of devices that are heard and are not in the configuration: ignore, list them in scan and status, or a map: those whose address is allowed become devices.");

    private UnknownOptions ReadAllowed(MapReader map)
    {
        var allow = map.Required("allow", Kinds.OneOrMore(new TextKind("a pattern of addresses", $"\"{pattern}\"", longest: 64)), "Addresses that become devices, * for any part and ? for one character.");
        var id = map.Optional("id", new TextKind("an id with {address} in it", $"\"{_id}\"", longest: 48), _id, "Id of such a device: {address} is its address in lower case, with hyphens.");
        var limit = map.Optional("limit", Kinds.Integer(1, 5000, "64"), UnknownOptions.DefaultLimit, "How many there may be; further ones are only listed.");
        var options = new UnknownOptions(true, allow, id, limit);
        if (map.IsSound && (!id.Contains(UnknownOptions.AddressVariable, StringComparison.Ordinal) || !IdKind.IsValid(id.Replace(UnknownOptions.AddressVariable, "0", StringComparison.Ordinal))))
        {
            map.Wrong("id", $"\"{id}\" does not make an id for each device", $"write lower case, digits, hyphens and {{address}}, for example \"{_id}\"");
        }

        return options;
    }
}
