using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Storage.Format;

public sealed class PropertiesCodecTests
{
    [Fact]
    public void Read_WhatIsNotThere_IsStillNotThere()
    {
        var read = RoundTrip(new MessageProperties());
        Assert.Null(read.CorrelationData);
        Assert.Null(read.ContentType);
        Assert.Null(read.ResponseTopic);
        Assert.Null(read.MessageExpiryInterval);
        Assert.Null(read.IsUtf8);
        Assert.Empty(read.UserProperties);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Read_CorrelationData_EmptyOrNot_IsTheSame(int length)
    {
        var read = RoundTrip(new MessageProperties { CorrelationData = new byte[length] });
        Assert.Equal(length, read.CorrelationData!.Value.Length);
    }

    private static MessageProperties RoundTrip(MessageProperties properties)
    {
        var buffer = new ByteBuffer(64);
        PropertiesCodec.Write(buffer, properties);
        var reader = new ByteReader(buffer.Written);
        return PropertiesCodec.Read(ref reader);
    }
}
