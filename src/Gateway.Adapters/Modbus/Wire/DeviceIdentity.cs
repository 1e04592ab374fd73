using System.Text;

namespace Gateway.Adapters.Modbus;

/// <summary>What a device tells about itself (function 43/14).</summary>
/// <param name="Conformity">What it has: a level, and 0x80 if objects can be asked for one by one.</param>
/// <param name="Objects">In the order of their ids.</param>
public sealed record DeviceIdentity(byte Conformity, IReadOnlyList<IdentityObject> Objects);

/// <param name="Id">0 to 6 as the specification names them, from 128 on the vendor's own.</param>
/// <param name="Value">As sent.</param>
public sealed record IdentityObject(byte Id, ReadOnlyMemory<byte> Value)
{
    /// <summary>V1.1b3 §6.21, kebab-case; <c>object-128</c> for the vendor's own.</summary>
    public string Name => Id switch
    {
        0 => "vendor",
        1 => "product-code",
        2 => "revision",
        3 => "vendor-url",
        4 => "product",
        5 => "model",
        6 => "application",
        _ => $"object-{Id}",
    };

    /// <summary>Its printable ASCII; what a terminal could take for a command is shown as a dot.</summary>
    public string Text => string.Create(Value.Length, Value, static (text, value) =>
    {
        Encoding.Latin1.GetChars(value.Span, text);
        foreach (ref var c in text)
        {
            c = c is >= ' ' and <= '~' ? c : '.';
        }
    });
}
