using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Serial;

/// <summary>The path of a serial port. Whole: a name alone would be looked for beside the configuration, where no port is.</summary>
internal sealed class SerialPortKind : ScalarKind<string>
{
    public override string Name => "the path of a serial port";

    public override string Example => "/dev/serial/by-id/usb-FTDI_A50285BI";

    public override string Placeholder => "";

    public override string Write(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^/" };

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        return text.StartsWith('/') && text.Length > 1 && !text.Contains('\0') ? null
            : text.StartsWith("tty", StringComparison.Ordinal) && !text.Contains('/') ? new($"\"{text}\" is not a whole path", $"write /dev/{text}, or better its path under /dev/serial/by-id (edge-gateway ports lists them)")
            : NotA(text);
    }
}
