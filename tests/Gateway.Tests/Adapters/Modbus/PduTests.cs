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
    public void Check_Read_OnlyWhatFitsWholeIsTaken(string response, TransactionStatus status, ExceptionCode exception) =>
        Assert.Equal(new TransactionResult(status, exception), ResponsePdu.Check(Convert.FromHexString(response), Convert.FromHexString("03006B0003")));

    /// <summary>The specification's example of each function; then the same with every length wrong and every byte of the echo wrong.</summary>
    [Theory]
    [InlineData("0500ACFF00", "0500ACFF00", 5)]
    [InlineData("0600010003", "0600010003", 5)]
    [InlineData("0F0013000A02CD01", "0F0013000A", 5)]
    [InlineData("100001000204000A0102", "1000010002", 5)]
    [InlineData("16000400F20025", "16000400F20025", 7)]
    [InlineData("080000A537", "080000A537", 5)]
    [InlineData("08000A0000", "08000A0000", 5)]
    [InlineData("08000B0000", "08000B1234", 3)]
    [InlineData("1700030006000E00030600FF00FF00FF", "170C00FE0ACD00010003000D00FF", 2)]
    [InlineData("0100130013", "0103CD6B05", 2)]
    [InlineData("2B0E0100", "2B0E01010000010003414243", 3)]
    public void Check_EveryFunction_TakesOnlyTheEchoAndTheLengthThatFit(string request, string response, int echoed)
    {
        var asked = Convert.FromHexString(request);
        var answer = Convert.FromHexString(response);
        Assert.True(ResponsePdu.Check(answer, asked).IsOk);
        Assert.Equal(TransactionStatus.Invalid, ResponsePdu.Check([.. answer, 0], asked).Status);
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.Equal(TransactionStatus.Invalid, ResponsePdu.Check(answer.AsSpan(0, length), asked).Status);
        }

        for (var i = 0; i < echoed; i++)
        {
            var wrong = answer.ToArray();
            wrong[i] ^= 1;
            Assert.Equal(TransactionStatus.Invalid, ResponsePdu.Check(wrong, asked).Status);
        }

        Assert.Equal(TransactionResult.Refused(ExceptionCode.IllegalDataValue), ResponsePdu.Check([(byte)(asked[0] | 0x80), 3], asked));
    }

    [Theory]
    [InlineData("2B0E01010000030003414243", false)]
    [InlineData("2B0E01010000010004414243", false)]
    [InlineData("2B0E010100000100FF414243", false)]
    [InlineData("2B0E01017F00010003414243", false)]
    [InlineData("2B0E0101FF01010003414243", true)]
    [InlineData("2B0E0101000000", true)]
    public void Check_Identification_ObjectsFillThePduExactly(string response, bool fits) =>
        Assert.Equal(fits, ResponsePdu.Check(Convert.FromHexString(response), Convert.FromHexString("2B0E0100")).IsOk);

    [Fact]
    public void Requests_ExamplesOfTheSpecification_Match()
    {
        Assert.Equal("16000400F20025", Hex(RequestPdu.MaskWrite(_pdu, 4, 0x00F2, 0x0025)));
        Assert.Equal("1700030006000E00030600FF00FF00FF", Hex(RequestPdu.ReadWrite(_pdu, 3, 6, 14, [0, 0xFF, 0, 0xFF, 0, 0xFF])));
        Assert.Equal("080000A537", Hex(RequestPdu.Diagnose(_pdu, DiagnosticFunction.ReturnQueryData, 0xA537)));
        Assert.Equal("2B0E0100", Hex(RequestPdu.Identify(_pdu, IdentificationLevel.Basic, 0)));
    }

    [Fact]
    public void ReadWrite_BeyondItsOwnLimit_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestPdu.ReadWrite(_pdu, 0, 1, 0, new byte[2 * (ModbusLimits.ReadWriteRegisters + 1)]));

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
