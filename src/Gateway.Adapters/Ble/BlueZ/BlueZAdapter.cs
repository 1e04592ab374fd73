using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>One of BlueZ's adapters.</summary>
/// <param name="Path">Its object.</param>
/// <param name="Address">As BlueZ writes it.</param>
/// <param name="IsPowered">Whether it is switched on.</param>
/// <param name="CanMonitor">It has the interface for passive scanning; whether the kernel plays along shows later.</param>
internal sealed record BlueZAdapter(string Path, string Address, bool IsPowered, bool CanMonitor)
{
    /// <summary>The first one, in the order of their names.</summary>
    public const string Any = "auto";

    /// <summary><c>hci0</c>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public override string ToString() => $"{Name} ({Address})";

    /// <param name="objects">Answer of GetManagedObjects.</param>
    /// <param name="wanted">Name, address, or <see cref="Any"/>.</param>
    /// <returns>The controller, or why there is none.</returns>
    public static (BlueZAdapter? Found, RadioFault? Fault) Find(in DbusValue objects, string wanted)
    {
        var all = new List<BlueZAdapter>();
        foreach (var entry in objects.Items)
        {
            if (entry.Items is [var path, var interfaces] && interfaces[BlueZNames.Adapter] is { Type: 'a' } adapter)
            {
                all.Add(new(
                    path.AsString()!, adapter["Address"].AsString() ?? "", adapter["Powered"].AsBoolean() == true, interfaces[BlueZNames.MonitorManager].Type == 'a'));
            }
        }

        all.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var found = all.Find(c => wanted == Any || c.Name == wanted || string.Equals(c.Address, wanted, StringComparison.OrdinalIgnoreCase));
        return found is null ? (null, BlueZFaults.NoController(wanted, [.. all.Select(c => c.ToString())])) : (found, null);
    }
}
