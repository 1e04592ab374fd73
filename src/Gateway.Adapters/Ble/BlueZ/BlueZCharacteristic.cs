using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>One characteristic of a connected device.</summary>
/// <param name="Path">Its object.</param>
/// <param name="At">Its UUID, and that of its service.</param>
/// <param name="Flags">What it can (<c>read</c>, <c>write</c>, <c>notify</c> …).</param>
internal sealed record BlueZCharacteristic(string Path, GattAddress At, IReadOnlyList<string> Flags)
{
    /// <summary>Writes are answered by the device; otherwise they can only be sent.</summary>
    public bool AnswersWrites => Flags.Contains("write") || !Flags.Contains("write-without-response");

    public bool Is(GattAddress wanted) => wanted.Characteristic == At.Characteristic && (wanted.Service is null || wanted.Service == At.Service);

    /// <summary>Those of one device, in the device's order.</summary>
    /// <param name="objects">Answer of GetManagedObjects.</param>
    /// <param name="device">Path of the device.</param>
    public static IReadOnlyList<BlueZCharacteristic> Of(in DbusValue objects, string device)
    {
        var services = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var found = new List<(string Path, Guid Uuid, string Service, IReadOnlyList<string> Flags)>();
        foreach (var entry in objects.Items)
        {
            if (entry.Items is not [var at, var interfaces] || at.AsString() is not { } path || !DbusPath.IsBelow(path, device))
            {
                continue;
            }

            if (Guid.TryParse(interfaces[BlueZNames.GattService]["UUID"].AsString(), out var service))
            {
                services[path] = service;
            }

            var characteristic = interfaces[BlueZNames.GattCharacteristic];
            if (Guid.TryParse(characteristic["UUID"].AsString(), out var uuid))
            {
                found.Add((path, uuid, characteristic["Service"].AsString() ?? "", [.. characteristic["Flags"].Items.Select(f => f.AsString() ?? "")]));
            }
        }

        return [.. found.OrderBy(f => f.Path, StringComparer.Ordinal)
            .Select(f => new BlueZCharacteristic(f.Path, new(f.Uuid, services.TryGetValue(f.Service, out var service) ? service : null), f.Flags))];
    }
}
