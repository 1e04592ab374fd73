using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>The examples of the Modbus Application Protocol Specification V1.1b3 §6.</summary>
public class PduTests
{
    private readonly byte[] _pdu = new byte[ModbusLimits.Pdu];

    private string Hex(int length) => Convert.ToHexString(_pdu.AsSpan(0, length));

    [Theory]
    [InlineData(FunctionCode.ReadCoils, 19, 19, "0100130013")]
    [InlineData(FunctionCode.ReadDiscreteInputs, 196, 22, "0200C40016")]
    [InlineData(FunctionCode.ReadHoldingRegisters, 107, 3, "03006B0003")]
    [InlineData(FunctionCode.ReadInputRegisters, 8, 1, "0400080001")]
    public void Read_ExampleOfTheSpecification_Matches(FunctionCode function, ushort address, int count, string expected) =>
        Assert.Equal(expected, Hex(RequestPdu.Read(_pdu, function, address, count)));

    [Fact]
    public void Write_ExamplesOfTheSpecification_Match()
    {
        Assert.Equal("0500ACFF00", Hex(RequestPdu.WriteCoil(_pdu, 172, true)));
        Assert.Equal("0600010003", Hex(RequestPdu.WriteRegister(_pdu, 1, 3)));
        Assert.Equal("0F0013000A02CD01", Hex(RequestPdu.WriteCoils(_pdu, 19, 10, [0xCD, 0x01])));
        Assert.Equal("100001000204000A0102", Hex(RequestPdu.WriteRegisters(_pdu, 1, [0x00, 0x0A, 0x01, 0x02])));
    }

    [Theory]
    [InlineData(FunctionCode.ReadCoils, 2001)]
    [InlineData(FunctionCode.ReadHoldingRegisters, 126)]
    [InlineData(FunctionCode.ReadHoldingRegisters, 0)]
    public void Read_BeyondTheLimits_Throws(FunctionCode function, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestPdu.Read(_pdu, function, 0, count));

    [Theory]
    [InlineData("0306022B00000064", TransactionStatus.Ok, ExceptionCode.None)]
    [InlineData("8302", TransactionStatus.Exception, ExceptionCode.IllegalDataAddress)]
    [InlineData("8300", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("83", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("830200", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("0406022B00000064", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("0308022B00000064", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("0306022B000000", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("03", TransactionStatus.Invalid, ExceptionCode.None)]
    [InlineData("", TransactionStatus.Invalid, ExceptionCode.None)]
    public void CheckRead_OnlyWhatFitsWhole_IsTaken(string response, TransactionStatus status, ExceptionCode exception) =>
        Assert.Equal(new TransactionResult(status, exception), ResponsePdu.CheckRead(Convert.FromHexString(response), FunctionCode.ReadHoldingRegisters, 6));

    [Fact]
    public void CheckWrite_AnotherEcho_IsInvalid()
    {
        RequestPdu.WriteRegister(_pdu, 1, 3);
        Assert.True(ResponsePdu.CheckWrite(Convert.FromHexString("0600010003"), _pdu).IsOk);
        Assert.Equal(TransactionStatus.Invalid, ResponsePdu.CheckWrite(Convert.FromHexString("0600010004"), _pdu).Status);
        Assert.Equal(ExceptionCode.IllegalDataValue, ResponsePdu.CheckWrite(Convert.FromHexString("8603"), _pdu).Exception);
    }

    [Theory]
    [InlineData("00010000000603", true)]
    [InlineData("0001000000FE03", true)]
    [InlineData("00010000000203", true)]
    [InlineData("00010001000603", false)]
    [InlineData("00010000000003", false)]
    [InlineData("00010000000103", false)]
    [InlineData("0001000000FF03", false)]
    [InlineData("00010000FFFF03", false)]
    public void MbapHeader_OnlyProtocolZeroAndPossibleLengths_AreModbus(string header, bool isModbus) =>
        Assert.Equal(isModbus, MbapHeader.TryRead(Convert.FromHexString(header), out _));
}
