namespace Gateway.Adapters.Ble;

/// <summary>Finds the parts of an advertisement that a format is made of.</summary>
internal static class AdvertisementReader
{
    /// <summary>The data of a service; the newest, if it was sent more than once.</summary>
    public static bool TryService(this Advertisement advertisement, Guid service, out ReadOnlySpan<byte> data)
    {
        var services = advertisement.Services;
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].Service == service)
            {
                data = services[i].Data.Span;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>The data of a company; the newest, if it was sent more than once.</summary>
    public static bool TryManufacturer(this Advertisement advertisement, ushort company, out ReadOnlySpan<byte> data)
    {
        var manufacturer = advertisement.Manufacturer;
        for (var i = manufacturer.Count - 1; i >= 0; i--)
        {
            if (manufacturer[i].Company == company)
            {
                data = manufacturer[i].Data.Span;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Whether the device says that it has this service.</summary>
    public static bool Lists(this Advertisement advertisement, Guid service)
    {
        var listed = advertisement.ServiceUuids;
        for (var i = 0; i < listed.Count; i++)
        {
            if (listed[i] == service)
            {
                return true;
            }
        }

        return false;
    }
}
