using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>How the payloads of a device are understood, as the configuration says it.</summary>
/// <param name="Name">As in <c>decoder: cayenne-lpp</c>; <c>layout</c> with one.</param>
/// <param name="Layout">null: the name says it all.</param>
public sealed record PayloadFormat(string Name, Layout? Layout = null)
{
    public static readonly PayloadFormat CayenneLpp = new(Payloads.CayenneLpp.Name);

    public static readonly PayloadFormat Json = new(JsonFields.Name);

    public static readonly PayloadFormat Text = new(TextFields.Name);

    public static readonly PayloadFormat Hex = new(RawHex.Name);

    /// <summary>A word for what is known, or a map for a layout: <c>decoder: { fields: […] }</c>.</summary>
    public static Kind<PayloadFormat> Kind { get; } = Kinds.ScalarOrMap(
        Kinds.Choice([.. new[] { CayenneLpp, Json, Text, Hex }.Select(f => (f.Name, f))]).Refuse("cayenne", "the format is called cayenne-lpp", "write cayenne-lpp")
            .Refuse("layout", "a layout is written out", "write { fields: [{ id: temperature, type: int16, scale: 0.1 }] }"),
        new Table<PayloadFormat>("a layout", "{ fields: [{ id: temperature, type: int16, scale: 0.1 }] }", map => new("layout", LayoutTable.Read(map))));

    /// <summary>A decoder for one caller.</summary>
    public IPayloadDecoder Create() => Layout is not null ? new LayoutDecoder(Layout)
        : Name == Json.Name ? new JsonFields()
        : Name == Text.Name ? new TextFields()
        : Name == Hex.Name ? new RawHex()
        : new CayenneLpp();
}
