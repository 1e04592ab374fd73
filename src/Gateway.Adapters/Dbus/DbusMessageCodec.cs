using System.Buffers.Binary;

namespace Gateway.Adapters.Dbus;

/// <summary>Messages and their bytes (D-Bus 0.42 "Message Format").</summary>
internal static class DbusMessageCodec
{
    /// <summary>Byte order, kind, flags, version, length of the body, serial, length of the header fields.</summary>
    public const int FixedHeader = 16;

    private const byte Version = 1;

    private const string FieldsSignature = "a(yv)";

    /// <summary>How long a message is that begins like this.</summary>
    /// <param name="start">At least <see cref="FixedHeader"/> bytes.</param>
    /// <param name="length">Bytes of the whole message.</param>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? Measure(ReadOnlySpan<byte> start, out int length)
    {
        length = 0;
        if (start[0] is not ((byte)'l' or (byte)'B'))
        {
            return "neither byte order";
        }

        if (start[3] != Version)
        {
            return "another version of the protocol";
        }

        var isBig = start[0] == 'B';
        ulong body = isBig ? BinaryPrimitives.ReadUInt32BigEndian(start[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        ulong fields = isBig ? BinaryPrimitives.ReadUInt32BigEndian(start[12..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        var whole = FixedHeader + ((fields + 7) & ~7UL) + body;
        if (whole > DbusLimits.Message)
        {
            return "larger than a message may be";
        }

        length = (int)whole;
        return null;
    }

    /// <summary>Reads one whole message.</summary>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, long receivedAt, out DbusMessage? message)
    {
        message = null;
        if (bytes.Length < FixedHeader)
        {
            return "cut short";
        }

        if (Measure(bytes, out var length) is { } problem)
        {
            return problem;
        }

        if (length != bytes.Length)
        {
            return "not as long as it says";
        }

        var isBig = bytes[0] == 'B';
        var header = new DbusReader(bytes, isBig);
        if (!header.TryRead("yyyyuu" + FieldsSignature, out var values) || !header.TryAlign(8))
        {
            return header.Problem;
        }

        var read = Fields(values[6], out var signature, out problem) with
        {
            Kind = (DbusMessageKind)bytes[1],
            Flags = (DbusFlags)bytes[2],
            Serial = (uint)values[5].Bits,
            ReceivedAt = receivedAt,
            Size = length,
        };
        if (problem is not null)
        {
            return problem;
        }

        var body = new DbusReader(bytes[header.Position..], isBig);
        if (!body.TryRead(signature, out var arguments))
        {
            return body.Problem;
        }

        if (header.Position + body.Position != bytes.Length)
        {
            return "bytes behind its last value";
        }

        message = read with { Body = arguments };
        return read.Serial == 0 ? "serial 0" : Missing(message);
    }

    /// <param name="message">The message.</param>
    /// <param name="serial">Our number for it.</param>
    public static byte[] Write(DbusMessage message, uint serial)
    {
        var writer = new DbusWriter();
        writer.Write(DbusValue.Byte((byte)'l'));
        writer.Write(DbusValue.Byte((byte)message.Kind));
        writer.Write(DbusValue.Byte((byte)message.Flags));
        writer.Write(DbusValue.Byte(Version));
        writer.Write(DbusValue.UInt32(0));
        writer.Write(DbusValue.UInt32(serial));
        writer.Write(DbusValue.Array("(yv)", [.. FieldsOf(message)]));
        writer.Align(8);
        var start = writer.Length;
        foreach (var value in message.Body)
        {
            writer.Write(value);
        }

        writer.Patch(4, (uint)(writer.Length - start));
        return writer.ToArray();
    }

    private static IEnumerable<DbusValue> FieldsOf(DbusMessage message)
    {
        if (message.Path is { } path)
        {
            yield return Field(HeaderField.Path, DbusValue.ObjectPath(path));
        }

        if (message.Interface is { } @interface)
        {
            yield return Field(HeaderField.Interface, DbusValue.String(@interface));
        }

        if (message.Member is { } member)
        {
            yield return Field(HeaderField.Member, DbusValue.String(member));
        }

        if (message.ErrorName is { } error)
        {
            yield return Field(HeaderField.ErrorName, DbusValue.String(error));
        }

        if (message.ReplySerial != 0)
        {
            yield return Field(HeaderField.ReplySerial, DbusValue.UInt32(message.ReplySerial));
        }

        if (message.Destination is { } destination)
        {
            yield return Field(HeaderField.Destination, DbusValue.String(destination));
        }

        if (message.Sender is { } sender)
        {
            yield return Field(HeaderField.Sender, DbusValue.String(sender));
        }

        if (message.Body.Count > 0)
        {
            yield return Field(HeaderField.Signature, DbusValue.Signature(string.Concat(message.Body.Select(v => v.FullType))));
        }
    }

    private static DbusValue Field(HeaderField field, DbusValue value) => DbusValue.Struct(DbusValue.Byte((byte)field), DbusValue.Variant(value));

    private static DbusMessage Fields(in DbusValue fields, out string signature, out string? problem)
    {
        var message = new DbusMessage(DbusMessageKind.Call);
        (signature, problem) = ("", null);
        foreach (var field in fields.Items)
        {
            var code = (HeaderField)field.Items[0].Bits;
            var value = field.Items[1].Content;
            if (TypeOf(code) is { } type && type != value.Type)
            {
                problem = $"header field {(byte)code} of another type";
                return message;
            }

            var text = value.AsString();
            switch (code)
            {
                case HeaderField.Path: message = message with { Path = text }; break;
                case HeaderField.Interface: message = message with { Interface = text }; break;
                case HeaderField.Member: message = message with { Member = text }; break;
                case HeaderField.ErrorName: message = message with { ErrorName = text }; break;
                case HeaderField.ReplySerial: message = message with { ReplySerial = (uint)value.Bits }; break;
                case HeaderField.Destination: message = message with { Destination = text }; break;
                case HeaderField.Sender: message = message with { Sender = text }; break;
                case HeaderField.Signature: signature = text!; break;
                default: break; // "must be ignored" if unknown
            }
        }

        return message;
    }

    private static char? TypeOf(HeaderField field) => field switch
    {
        HeaderField.Path => 'o',
        HeaderField.Signature => 'g',
        HeaderField.ReplySerial or HeaderField.UnixFds => 'u',
        HeaderField.Interface or HeaderField.Member or HeaderField.ErrorName or HeaderField.Destination or HeaderField.Sender => 's',
        _ => null,
    };

    /// <summary>Fields that a kind must have ("Header Fields"). Kinds that we do not know are ignored by who gets them.</summary>
    private static string? Missing(DbusMessage message) => message.Kind switch
    {
        DbusMessageKind.Call when message.Path is null || message.Member is null => "a call without path or member",
        DbusMessageKind.Signal when message.Path is null || message.Interface is null || message.Member is null => "a signal without path, interface or member",
        DbusMessageKind.Error when message.ErrorName is null || message.ReplySerial == 0 => "an error without name or call",
        DbusMessageKind.Answer when message.ReplySerial == 0 => "an answer without call",
        0 => "of no kind",
        _ => null,
    };

    private enum HeaderField : byte
    {
        Path = 1,
        Interface = 2,
        Member = 3,
        ErrorName = 4,
        ReplySerial = 5,
        Destination = 6,
        Sender = 7,
        Signature = 8,
        UnixFds = 9,
    }
}
