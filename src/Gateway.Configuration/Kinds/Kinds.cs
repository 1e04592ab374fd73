namespace Gateway.Configuration;

/// <summary>The kinds that tables are written with.</summary>
public static class Kinds
{
    /// <summary>Any text, 1..256 characters, without control characters.</summary>
    public static Kind<string> Text { get; } = new TextKind("a text", "\"some text\"");

    public static Kind<bool> Boolean { get; } = new BooleanKind();

    /// <summary>A name that is part of topics: <c>[a-z0-9][a-z0-9-]{0,62}</c>, none of <see cref="IdKind.Reserved"/>.</summary>
    public static Kind<string> Id { get; } = new IdKind();

    /// <summary>A file or folder; relative to the file that names it. The value is absolute.</summary>
    public static Kind<string> Path { get; } = new PathKind();

    /// <summary>A host name, an IPv4 or an IPv6 address.</summary>
    public static Kind<string> Host { get; } = new HostKind();

    /// <summary>An IPv4 or IPv6 address of this machine.</summary>
    public static Kind<string> Address { get; } = new AddressKind();

    /// <summary>A TCP port, 1..65535.</summary>
    public static Kind<int> Port { get; } = Integer(1, 65535, "1883");

    public static Kind<string> TopicFilter { get; } = new TopicFilterKind();

    /// <summary>The beginning of topics: no wildcards, no <c>$</c> in front. May be empty.</summary>
    public static Kind<string> TopicPrefix { get; } = new TopicPrefixKind();

    /// <summary>Levels that begin other topics (the root).</summary>
    public static Kind<string> TopicName { get; } = new TopicNameKind();

    public static Kind<Secret> Secret { get; } = SecretTable.Kind;

    public static Kind<int> Integer(int min, int max, string? example = null) => new IntegerKind(min, max, example);

    /// <summary>An exact number, as written.</summary>
    public static Kind<decimal> Decimal(decimal min = decimal.MinValue, decimal max = decimal.MaxValue) => new DecimalKind(min, max);

    public static Kind<TimeSpan> Duration(TimeSpan min, TimeSpan max) => new DurationKind(min, max);

    /// <summary>Bytes.</summary>
    public static Kind<long> Size(long min, long max) => new SizeKind(min, max);

    public static ChoiceKind<T> Choice<T>(params (string Name, T Value)[] choices) => new(choices, [], choices[0].Value);

    public static Kind<IReadOnlyList<T>> List<T>(Kind<T> item, int min = 0) => new ListKind<T>(item, min);

    /// <summary>One, or a list of them.</summary>
    public static Kind<IReadOnlyList<T>> OneOrMore<T>(Kind<T> item) => new OneOrMoreKind<T>(item);

    /// <summary>A list of things that are told apart by a name (case matters).</summary>
    /// <param name="item">The things.</param>
    /// <param name="what">For people: <c>link id</c>.</param>
    /// <param name="key">Its name; an empty one has been reported and is not compared.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="min">Fewest items.</param>
    public static Kind<IReadOnlyList<T>> ListOfUnique<T>(Kind<T> item, string what, Func<T, string> key, Func<T, SourcePosition> position, int min = 0) =>
        new ListKind<T>(item, min, (what, key, position));

    /// <summary>The same, in a record that also remembers where it stands.</summary>
    public static Kind<T> Placed<T>(Kind<T> kind, Func<T, SourcePosition, T> place) => new PlacedKind<T>(kind, place);

    /// <summary>A word, or the thing itself; the word's value is null.</summary>
    public static Kind<T?> WordOr<T>(string word, Kind<T> kind) where T : class => new WordOrKind<T>(word, kind);

    public static Kind<T> ScalarOrMap<T>(Kind<T> scalar, Kind<T> map) => new ScalarOrMapKind<T>(scalar, map);
}
