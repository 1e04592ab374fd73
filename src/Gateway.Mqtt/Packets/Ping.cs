using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>PINGREQ and PINGRESP (MQTT 5.0 §3.12, §3.13): two bytes each.</summary>
public static class Ping
{
    public static void WriteRequest(IBufferWriter<byte> output) => output.Write<byte>([(byte)PacketType.PingReq << 4, 0]);

    public static void WriteResponse(IBufferWriter<byte> output) => output.Write<byte>([(byte)PacketType.PingResp << 4, 0]);
}
