using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Payloads;

/// <summary>What a decoder says of a payload, as one line: <c>temperature-3=27.2 °C, humidity-1!NaN</c>.</summary>
internal static class PayloadText
{
    public static string Of(IPayloadDecoder decoder, ReadOnlySpan<byte> payload, int? port = null)
    {
        var values = new DecodedValues();
        var outcome = decoder.Decode(payload, port, values);
        var text = string.Join(", ", Enumerable.Range(0, values.Count).Select(i => Of(values[i])));
        return outcome.Status == PayloadStatus.Decoded ? text : $"{text} [{outcome.Status}: {outcome.Reason}]".TrimStart();
    }

    public static string Of(IPayloadDecoder decoder, string hex, int? port = null) => Of(decoder, Convert.FromHexString(hex), port);

    private static string Of(in DecodedValue value) =>
        value.Error is { } error ? $"{value.Field}!{error}"
        : $"{value.Field}={(value.Value.Kind == PointValueKind.Text ? $"'{value.Value.Text}'" : value.Value)}{(value.Unit is { } unit ? $" {unit}" : "")}";
}
