using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>One of a few words. Words that are designed and not built, or deliberately not there, are refused with a reason.</summary>
public sealed class ChoiceKind<T> : ScalarKind<T>
{
    private readonly IReadOnlyList<(string Name, T Value)> _choices;
    private readonly IReadOnlyList<(string Name, Complaint Complaint)> _refused;
    private readonly T _placeholder;

    internal ChoiceKind(IReadOnlyList<(string Name, T Value)> choices, IReadOnlyList<(string Name, Complaint Complaint)> refused, T placeholder)
    {
        _placeholder = placeholder;
        _choices = choices.Count > 0 ? choices : throw new ArgumentException("at least one choice", nameof(choices));
        _refused = refused;
    }

    public override string Name => string.Join(" or ", _choices.Select(c => c.Name));

    public override string Example => _choices[0].Name;

    public override T Placeholder => _placeholder;

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. _choices.Select(c => Literal(c.Name))]) };

    public override string Write(T value) => _choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, value)).Name;

    /// <summary>Stands in where an unknown word was written, so that later checks can tell.</summary>
    public ChoiceKind<T> Otherwise(T placeholder) => new(_choices, _refused, placeholder);

    /// <summary>A word of the design that is not built yet.</summary>
    public ChoiceKind<T> NotYet(params ReadOnlySpan<string> names)
    {
        var refused = _refused.ToList();
        foreach (var name in names)
        {
            refused.Add((name, new($"{Shown.Of(name)} is not built yet", $"what is built: {Name}")));
        }

        return new(_choices, refused, _placeholder);
    }

    /// <summary>A word that one might expect, and why it is not there.</summary>
    public ChoiceKind<T> Refuse(string name, string why, string instead) => new(_choices, [.. _refused, (name, new(why, instead))], _placeholder);

    protected override Complaint? Parse(string text, out T value)
    {
        foreach (var choice in _choices)
        {
            if (choice.Name == text)
            {
                value = choice.Value;
                return null;
            }
        }

        value = Placeholder;
        foreach (var refused in _refused)
        {
            if (refused.Name == text)
            {
                return refused.Complaint;
            }
        }

        var nearest = NearestKey.Of(text, _choices.Select(c => c.Name));
        return nearest is not null && _choices.Count > 1
            ? new($"{Shown.Of(text)} is none of {string.Join(", ", _choices.Select(c => c.Name))}", $"write {nearest}")
            : new($"{Shown.Of(text)} is not known here", $"write {Name}");
    }

    /// <summary>Editors read a bare 5 as a number.</summary>
    private static JsonNode Literal(string name) => int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : name;
}
