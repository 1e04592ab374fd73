using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>What BlueZ's object of one device has said so far.</summary>
internal sealed class BlueZDevice(BleAddress address)
{
    private List<ManufacturerData> _manufacturer = [];
    private List<ServiceData> _services = [];
    private string? _name;
    private short? _rssi;
    private bool _isRandom;
    private bool _isPaired;
    private bool _isTrusted;
    private IReadOnlyList<Guid> _uuids = [];

    public BleAddress Address { get; } = address;

    public long LastHeard { get; private set; }

    public bool IsConnected { get; private set; }

    /// <summary>Somebody decided to have it: never to be removed by us.</summary>
    public bool IsSomebodys => IsConnected || _isPaired || _isTrusted;

    /// <summary>Takes over properties.</summary>
    /// <param name="properties"><c>a{sv}</c> of Device1: all of them, or those that changed.</param>
    /// <param name="receivedAt">When the signal came.</param>
    /// <returns>What was heard; null: nothing was, something else changed.</returns>
    public Advertisement? Take(in DbusValue properties, long receivedAt)
    {
        var rssi = properties["RSSI"].AsInt64();
        _rssi = rssi is { } value ? (short)value : _rssi;
        _name = properties["Name"].AsString() ?? _name;
        _isRandom = properties["AddressType"].AsString() is { } type ? type == "random" : _isRandom;
        _isPaired = properties["Paired"].AsBoolean() ?? _isPaired;
        _isTrusted = properties["Trusted"].AsBoolean() ?? _isTrusted;
        IsConnected = properties["Connected"].AsBoolean() ?? IsConnected;
        _uuids = properties["UUIDs"] is { Type: 'a' } uuids ? Uuids(uuids) : _uuids;
        var manufacturer = Manufacturer(properties["ManufacturerData"]);
        var services = Services(properties["ServiceData"]);
        if (rssi is null && manufacturer is null && services is null)
        {
            return null;
        }

        LastHeard = receivedAt;
        return new(Address, receivedAt)
        {
            IsRandom = _isRandom,
            Name = _name,
            Rssi = _rssi,
            Manufacturer = manufacturer is null ? [] : New(manufacturer, ref _manufacturer, static (a, b) => a.Company == b.Company && a.Data.Span.SequenceEqual(b.Data.Span)),
            Services = services is null ? [] : New(services, ref _services, static (a, b) => a.Service == b.Service && a.Data.Span.SequenceEqual(b.Data.Span)),
            ServiceUuids = _uuids,
        };
    }

    /// <summary>The scan ended: what was known of the signal is old.</summary>
    public void Lose() => _rssi = null;

    /// <summary>BlueZ keeps data of other kinds that the device sent before, and names all of it again: what has changed was heard now; if nothing has, the same was heard again.</summary>
    private static List<T> New<T>(List<T> now, ref List<T> before, Func<T, T, bool> isSame)
    {
        var old = before;
        before = now;
        var changed = now.FindAll(n => !old.Exists(o => isSame(n, o)));
        return changed.Count > 0 ? changed : now;
    }

    private static List<ManufacturerData>? Manufacturer(in DbusValue property)
    {
        if (property.Type != 'a')
        {
            return null;
        }

        var found = new List<ManufacturerData>(property.Items.Count);
        foreach (var entry in property.Items)
        {
            if (entry.Items is [var company, var data] && company.AsInt64() is { } id && data.AsBytes() is { } bytes)
            {
                found.Add(new((ushort)id, bytes));
            }
        }

        return found;
    }

    private static List<ServiceData>? Services(in DbusValue property)
    {
        if (property.Type != 'a')
        {
            return null;
        }

        var found = new List<ServiceData>(property.Items.Count);
        foreach (var entry in property.Items)
        {
            if (entry.Items is [var service, var data] && Guid.TryParse(service.AsString(), out var uuid) && data.AsBytes() is { } bytes)
            {
                found.Add(new(uuid, bytes));
            }
        }

        return found;
    }

    private static List<Guid> Uuids(in DbusValue property)
    {
        var found = new List<Guid>(property.Items.Count);
        foreach (var item in property.Items)
        {
            if (Guid.TryParse(item.AsString(), out var uuid))
            {
                found.Add(uuid);
            }
        }

        return found;
    }
}
