namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Where in an advertisement the bytes are that a layout describes.</summary>
/// <param name="Company">Company identifier of manufacturer data; null: they are service data.</param>
/// <param name="Service">Service of service data; null: they are manufacturer data.</param>
public sealed record DescribedSource(ushort? Company, Guid? Service)
{
    /// <summary>The bytes with which messages of this kind begin; empty: any.</summary>
    public ReadOnlyMemory<byte> StartsWith { get; init; }

    /// <summary>Whether the same bytes are meant, wherever it is written.</summary>
    public bool Equals(DescribedSource? other) => other is not null && (Company, Service) == (other.Company, other.Service) && StartsWith.Span.SequenceEqual(other.StartsWith.Span);

    public override int GetHashCode() => HashCode.Combine(Company, Service, StartsWith.Length);

    internal bool TryFind(Advertisement advertisement, out ReadOnlySpan<byte> data)
    {
        var isThere = Company is { } company ? advertisement.TryManufacturer(company, out data) : advertisement.TryService(Service!.Value, out data);
        return isThere && data.StartsWith(StartsWith.Span);
    }
}
