using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>Reads more registers than one request may, request after request.</summary>
/// <param name="access">The unit.</param>
/// <param name="limit">Registers in one request.</param>
internal sealed class RegisterReader(RegisterAccess access, int limit)
{
    /// <returns>The values, or the first answer that was none.</returns>
    public async Task<RegisterReply> ReadAsync(RegisterRange range, CancellationToken cancellation)
    {
        var values = new byte[range.Bytes];
        var most = range.Space.IsBits() ? ModbusLimits.ReadBits : limit;
        RegisterReply? reply = null;
        foreach (var part in range.Pieces(most))
        {
            reply = await access.ReadAsync(part, cancellation).ConfigureAwait(false);
            if (!reply.IsOk)
            {
                return reply;
            }

            var done = part.Address - range.Address;
            reply.Values.CopyTo(values.AsMemory(range.Space.IsBits() ? done / 8 : done * 2));
        }

        return reply! with { Values = values };
    }
}
