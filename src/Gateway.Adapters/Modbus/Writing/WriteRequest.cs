using System.Buffers.Binary;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>One write: already encoded, so that nothing impossible gets as far as the line.</summary>
/// <param name="device">Its device.</param>
/// <param name="point">What is written.</param>
/// <param name="value">The scaled value.</param>
/// <param name="wire">Registers as on the wire; a coil is one byte, 0 or 1.</param>
/// <param name="mask">Bits of the one register that are written.</param>
internal sealed class WriteRequest(DeviceRun device, PointOptions point, PointValue value, byte[] wire, ushort mask = WriteRequest.Whole)
{
    /// <summary>All bits.</summary>
    public const ushort Whole = 0xFFFF;

    private int _isStarted;

    /// <summary>Encodes a value.</summary>
    /// <returns>null: it cannot be written; <paramref name="problem"/> says why.</returns>
    public static WriteRequest? Of(DeviceRun device, PointOptions point, PointValue value, out string? problem)
    {
        var address = (ModbusPoint)point.Address;
        if (address.Space == RegisterSpace.Coil)
        {
            problem = PointCodec.EncodeBit(value, out var on);
            return problem is null ? new(device, point, value, [on ? (byte)1 : (byte)0]) : null;
        }

        var wire = new byte[address.Width * 2];
        var codec = new PointCodec(point);
        if (!codec.IsPart)
        {
            problem = codec.Encode(value, wire);
            return problem is null ? new(device, point, value, wire) : null;
        }

        problem = codec.EncodePart(value, out var mask, out var bits);
        BinaryPrimitives.WriteUInt16BigEndian(wire, bits);
        return problem is null ? new(device, point, value, wire, mask) : null;
    }

    public DeviceRun Device { get; } = device;

    public PointOptions Point { get; } = point;

    public PointValue Value { get; } = value;

    public ReadOnlyMemory<byte> Wire { get; } = wire;

    public ushort Mask { get; } = mask;

    /// <summary>Some bits of one register, whose others must stay.</summary>
    public bool IsPart => Mask != Whole;

    /// <summary>With <see cref="IsPart"/>: what its bits become; the others are 0.</summary>
    public ushort Bits => BinaryPrimitives.ReadUInt16BigEndian(Wire.Span);

    /// <summary>Whether these registers hold what was written.</summary>
    public bool IsIn(ReadOnlySpan<byte> raw) => IsPart ? (BinaryPrimitives.ReadUInt16BigEndian(raw) & Mask) == Bits : raw.SequenceEqual(Wire.Span);

    public TaskCompletionSource<WriteResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once: by the line, or by who gives up.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _isStarted, 1) == 0;
}
