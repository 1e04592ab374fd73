using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A kind that is written as one scalar.</summary>
public abstract class ScalarKind<T> : Kind<T>
{
    /// <summary>Understands the text.</summary>
    /// <param name="text">As written, not empty unless it was quoted.</param>
    /// <param name="value">The value.</param>
    /// <returns>null, or what is wrong and what to write instead.</returns>
    protected abstract Complaint? Parse(string text, out T value);

    /// <summary>As the other, where the value depends on the file that names it.</summary>
    protected virtual Complaint? Parse(ScalarNode node, out T value) => Parse(node.Text, out value);

    public sealed override bool TryRead(ConfigNode node, ProblemList problems, out T value)
    {
        if (node is not ScalarNode scalar || scalar.IsNothing)
        {
            return Reject(node, problems, out value);
        }

        if (Parse(scalar, out value) is not { } complaint)
        {
            return true;
        }

        problems.Error(node.Position, complaint.Wrong, complaint.Instead);
        value = Placeholder;
        return false;
    }

    public override JsonObject Schema() => new() { ["type"] = "string" };

    protected Complaint NotA(string text) => new($"{Shown.Of(text)} is not {Name}", $"write {Example}");
}

/// <param name="Wrong">What is wrong.</param>
/// <param name="Instead">What to write instead.</param>
public sealed record Complaint(string Wrong, string Instead);

/// <summary>What was written, fit for a message of one line.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Of(string text)
    {
        var cut = text.Length <= Longest ? text : text[..Longest] + "…";
        return $"\"{string.Concat(cut.Select(c => char.IsControl(c) ? '�' : c))}\"";
    }
}
