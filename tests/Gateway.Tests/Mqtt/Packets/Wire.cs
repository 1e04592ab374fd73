using System.Buffers;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Packets;

/// <summary>Takes what a writer wrote apart again.</summary>
internal static class Wire
{
    public static (byte Header, byte[] Body) Frame(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.Equal(FrameStatus.Complete, PacketFramer.TryRead(ref buffer, int.MaxValue, out var header, out var body));
        Assert.True(buffer.IsEmpty);
        return (header, body.ToArray());
    }

    public static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
