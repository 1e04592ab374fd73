using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Where an answer may begin on a line that may echo.</summary>
public sealed class EchoFilterTests
{
    private static readonly byte[] s_read = [3, 0, 10, 0, 2];
    private static readonly byte[] s_write = [6, 0, 10, 0, 2];
    private static readonly byte[] s_answer = [1, 3, 4, 0, 1, 0, 2, 0xAA, 0xBB];

    [Fact]
    public void Auto_Read_EchoInFront_IsLeftOutAndTold()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        echo.Begin(s_read);
        Assert.Equal(-1, echo.Start([], Frame(s_read)));
        Assert.Equal(-1, echo.Start(Frame(s_read).AsSpan(0, 3), Frame(s_read)));
        Assert.Equal(8, echo.Start(Frame(s_read), Frame(s_read)));
        Assert.Equal(8, echo.Start([.. Frame(s_read), .. s_answer], Frame(s_read)));
        Assert.StartsWith("what is sent comes back", echo.Note!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_Read_NoiseAndEchoInFront_AreLeftOut()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        echo.Begin(s_read);
        Assert.Equal(10, echo.Start([0, 0xFF, .. Frame(s_read), .. s_answer], Frame(s_read)));
    }

    [Fact]
    public void Auto_Read_NoEcho_BeginsAtTheBeginningAndWritesNeedNoProbe()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        Assert.True(echo.MustProbe(s_write));
        echo.Begin(s_read);
        Assert.Equal(0, echo.Start(s_answer, Frame(s_read)));
        echo.Answered();
        Assert.False(echo.MustProbe(s_write));
        echo.Begin(s_write);
        Assert.Equal(0, echo.Start(Frame(s_write), Frame(s_write)));
        Assert.Null(echo.Note);
    }

    [Fact]
    public void Auto_WriteOnALineThatEchoes_IsAnsweredByTheSecondFrameOnly()
    {
        var echo = Heard();
        Assert.False(echo.MustProbe(s_write));
        echo.Begin(s_write);
        Assert.Equal(-1, echo.Start(Frame(s_write).AsSpan(0, 7), Frame(s_write)));
        Assert.Equal(8, echo.Start(Frame(s_write), Frame(s_write)));
        Assert.Equal(8, echo.Start([.. Frame(s_write), .. Frame(s_write)], Frame(s_write)));
    }

    [Fact]
    public void Auto_EchoThatEnds_IsUnknownAgain()
    {
        var echo = Heard();
        echo.Begin(s_read);
        Assert.Equal(0, echo.Start(s_answer, Frame(s_read)));
        echo.Answered();
        Assert.True(echo.MustProbe(s_write));
        Assert.Null(echo.Note);
    }

    [Fact]
    public void Auto_EchoThatBegins_IsSeenAtTheNextRead()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        echo.Begin(s_read);
        echo.Start(s_answer, Frame(s_read));
        echo.Answered();
        echo.Begin(s_read);
        Assert.Equal(8, echo.Start(Frame(s_read), Frame(s_read)));
        Assert.True(echo.IsHeard);
    }

    [Theory]
    [InlineData("05000AFF00", true)]
    [InlineData("06000A0002", true)]
    [InlineData("0F000A000A02CD01", true)]
    [InlineData("10000A0001020001", true)]
    [InlineData("16000AFFFF0000", true)]
    [InlineData("08000012AB", true)]
    [InlineData("01030A0012", true)]
    [InlineData("02030A0018", true)]
    [InlineData("01030A0010", false)]
    [InlineData("01040A0012", false)]
    [InlineData("03000A0002", false)]
    [InlineData("04030A0002", false)]
    [InlineData("2B0E0100", false)]
    public void Request_WhoseAnswerMayBeItself_IsProbedBefore(string request, bool expected) =>
        Assert.Equal(expected, new EchoFilter(EchoMode.Auto).MustProbe(Convert.FromHexString(request)));

    [Theory]
    [InlineData("05000AFF00", "01000A0001")]
    [InlineData("0F000A000A02CD01", "01000A0001")]
    [InlineData("06000A0002", "03000A0001")]
    [InlineData("10000A0001020001", "03000A0001")]
    [InlineData("16000AFFFF0000", "03000A0001")]
    [InlineData("01030A0012", "01030A0001")]
    [InlineData("02030A0012", "02030A0001")]
    [InlineData("08000012AB", "0300000001")]
    public void Probe_ReadsTheSamePlace_AndIsNoneThatMustBeProbed(string request, string expected)
    {
        var probe = new byte[5];
        Assert.Equal(5, EchoFilter.Probe(Convert.FromHexString(request), probe));
        Assert.Equal(expected, Convert.ToHexString(probe));
        Assert.False(new EchoFilter(EchoMode.Auto).MustProbe(probe));
    }

    [Fact]
    public void Auto_OfAnUnknownLine_OneFrameIsNoAnswerToAWrite()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        echo.Begin(s_write);
        Assert.Equal(-1, echo.Start(Frame(s_write), Frame(s_write)));
    }

    [Fact]
    public void Always_WithoutItsEcho_NothingIsAnAnswer()
    {
        var echo = new EchoFilter(EchoMode.Always);
        Assert.False(echo.MustProbe(s_write));
        echo.Begin(s_read);
        Assert.Equal(-1, echo.Start(s_answer, Frame(s_read)));
        Assert.Equal(8, echo.Start([.. Frame(s_read), .. s_answer], Frame(s_read)));
        echo.Begin(s_write);
        Assert.Equal(8, echo.Start(Frame(s_write), Frame(s_write)));
    }

    [Fact]
    public void Never_WhereItIsHeardAllTheSame_NothingIsAnAnswerAndItIsTold()
    {
        var echo = new EchoFilter(EchoMode.Never);
        Assert.False(echo.MustProbe(s_write));
        echo.Begin(s_read);
        Assert.Equal(0, echo.Start(s_answer, Frame(s_read)));
        Assert.Equal(-1, echo.Start([.. Frame(s_read), .. s_answer], Frame(s_read)));
        Assert.Contains("echo: never", echo.Note!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ThatMayBeAnother_IsUnknownAgain()
    {
        var echo = Heard();
        echo.Forget();
        Assert.True(echo.MustProbe(s_write));
        Assert.NotNull(echo.Note);
        echo.Begin(s_read);
        echo.Start(s_answer, Frame(s_read));
        echo.Answered();
        Assert.Null(echo.Note);
    }

    private static EchoFilter Heard()
    {
        var echo = new EchoFilter(EchoMode.Auto);
        echo.Begin(s_read);
        echo.Start(Frame(s_read), Frame(s_read));
        return echo;
    }

    private static byte[] Frame(byte[] request)
    {
        var frame = new byte[request.Length + RtuFrame.Overhead];
        RtuFrame.Write(frame, 1, request);
        return frame;
    }
}
