namespace Gateway.Configuration;

/// <summary>Stands in for a map while a table is asked which keys it has. Every value is the default, or a placeholder.</summary>
internal sealed class DescribingReader : MapReader
{
    private readonly List<KeyDescription> _keys = [];
    private readonly List<AlternativeDescription> _alternatives = [];

    public TableDescription Description => new(_keys, _alternatives);

    public override SourcePosition Position => new("", 1, 1);

    public override bool IsSound => false;

    public override T Required<T>(string key, Kind<T> kind, string meaning)
    {
        _keys.Add(new(key, kind.Name, IsRequired: true, null, meaning, kind.Schema, () => kind.Keys));
        return kind.Placeholder;
    }

    public override T Optional<T>(string key, Kind<T> kind, T fallback, string meaning)
    {
        _keys.Add(new(key, kind.Name, IsRequired: false, kind.Write(fallback), meaning, kind.Schema, () => kind.Keys));
        return fallback;
    }

    public override bool TryOptional<T>(string key, Kind<T> kind, string absent, string meaning, out T value)
    {
        _keys.Add(new(key, kind.Name, IsRequired: false, absent, meaning, kind.Schema, () => kind.Keys));
        value = kind.Placeholder;
        return false;
    }

    public override T OneOf<T>(string? key, string? chosen, IReadOnlyList<Alternative<T>> alternatives)
    {
        var first = default(T);
        for (var i = 0; i < alternatives.Count; i++)
        {
            var reader = new DescribingReader();
            var value = alternatives[i].Read(reader);
            _alternatives.Add(new(alternatives[i].Name, key, reader.Description));
            first = i == 0 ? value : first;
        }

        return first ?? throw new ArgumentException("at least one alternative", nameof(alternatives));
    }

    public override void NotYet(string key, string meaning)
    {
    }

    public override SourcePosition At(string key) => Position;

    public override void Wrong(string key, string wrong, string instead)
    {
    }

    public override void Wrong(SourcePosition position, string wrong, string instead)
    {
    }
}
