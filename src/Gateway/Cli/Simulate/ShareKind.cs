using System.Globalization;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>How many of the requests: <c>5%</c>.</summary>
internal sealed class ShareKind : ScalarKind<double>
{
    public static readonly ShareKind Instance = new();

    public override string Name => "a share above 0% and up to 100%";

    public override string Example => "5%";

    public override double Placeholder => 1;

    public override string Write(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.####}%");

    /// <summary>Reads one that stands on the command line.</summary>
    public bool TryParse(string text, out double share) => Parse(text, out share) is null;

    protected override Complaint? Parse(string text, out double value)
    {
        var number = text.EndsWith('%') ? text[..^1] : text;
        var isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        value /= 100;
        return !isNumber || !text.EndsWith('%') ? isNumber ? new($"{text} has no %", $"write {text}%") : NotA(text)
            : value is > 0 and <= 1 ? null
            : new($"{text} is not {Name}", $"write {Example}");
    }
}
