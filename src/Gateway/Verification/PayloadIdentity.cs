using System.Text.Json;
using Gateway.Bridge;

namespace Gateway.Verification;

/// <summary>The identity that travels as a key of a JSON payload (<c>identity: payload</c>, which MQTT 3.1.1 needs).</summary>
internal static class PayloadIdentity
{
    /// <summary>Looks for the keys <c>gw</c> and <c>gw-origin</c> of the outermost object.</summary>
    /// <returns>false: there is none. Somebody else's key of that name is none either.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out string? identity, out string? origin)
    {
        (identity, origin) = (null, null);
        if (payload.IsEmpty || payload.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] || payload.IndexOf("\"gw\""u8) < 0)
        {
            return false;
        }

        string? found = null, first = null;
        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIdentity = reader.ValueTextEquals(GatewayIdentity.Property);
                var isOrigin = reader.ValueTextEquals(GatewayIdentity.OriginProperty);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && (isIdentity || isOrigin) && reader.GetString() is { } text && MessageIdentity.TryParse(text, out _))
                {
                    (found, first) = isIdentity ? (text, first) : (found, text);
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON after all, or half of a surrogate pair: no message of a gateway.
            return false;
        }

        (identity, origin) = found is null ? (null, null) : (found, first);
        return found is not null;
    }
}
