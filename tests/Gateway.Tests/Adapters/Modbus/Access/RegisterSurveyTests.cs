using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus.Access;

/// <summary>What tools find out about a device by reading only.</summary>
public sealed class RegisterSurveyTests
{
    private readonly Field _field = new();

    [Fact]
    public async Task Survey_DeviceWithHoles_ReadsWhatIsThereAndNothingElse()
    {
        _field.Unit.Hide(RegisterSpace.Holding, 0, 300);
        _field.Unit.Show(RegisterSpace.Holding, 40, 3);
        _field.Unit.Show(RegisterSpace.Holding, 200, 60);
        _field.Unit.SetRegister(RegisterSpace.Holding, 42, 0x1234);
        var (image, dealt) = (new RegisterImage(), 0);
        var survey = new RegisterSurvey(new RegisterAccess(_field, 1, TimeProvider.System), 125);

        Assert.True(await survey.ReadAsync([new(RegisterSpace.Holding, 0, 300)], image, d => dealt = d, default));

        Assert.Equal(Enumerable.Range(40, 3).Concat(Enumerable.Range(200, 60)), image.Places.Select(p => p.Address));
        var wire = new byte[2];
        Assert.True(image.TryGet(RegisterSpace.Holding, 42, wire));
        Assert.Equal("1234", Convert.ToHexString(wire));
        Assert.Equal((300, _field.Requests.Count), (dealt, survey.Requests));
        Assert.All(_field.Requests, r => Assert.StartsWith("03", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Survey_TableThatTheDeviceDoesNotKnow_IsAskedOnce()
    {
        _field.Refuses = 4;
        var survey = new RegisterSurvey(new RegisterAccess(_field, 1, TimeProvider.System), 125);
        var image = new RegisterImage();
        Assert.True(await survey.ReadAsync([new(RegisterSpace.Input, 0, 1000), new(RegisterSpace.Holding, 0, 10)], image, null, default));
        Assert.Equal((10, 2), (image.Count, survey.Requests));
        Assert.StartsWith("exception 1: the device does not read input registers at all; try holding", Assert.Single(survey.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Survey_NobodyAnswers_EndsAndKeepsWhatWasRead()
    {
        _field.AnswersLeft = 1;
        var survey = new RegisterSurvey(new RegisterAccess(_field, 1, TimeProvider.System), 100);
        var image = new RegisterImage();
        Assert.False(await survey.ReadAsync([new(RegisterSpace.Holding, 0, 300)], image, null, default));
        Assert.Equal((100, 2), (image.Count, survey.Requests));
        Assert.Contains("timeout", Assert.Single(survey.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_UnitThatTellsWhoItIs_IsNamed()
    {
        var (unit, trouble) = await new UnitProbe(_field, TimeProvider.System).AskAsync(9, default);
        Assert.Null(trouble);
        Assert.Equal((9, "holding 0 is 0000"), (unit!.Unit, unit.Evidence));
        Assert.StartsWith("Edge Gateway SIM", unit.Name, StringComparison.Ordinal);
        Assert.All(_field.Requests, r => Assert.True(r.StartsWith("03", StringComparison.Ordinal) || r.StartsWith("2B0E", StringComparison.Ordinal), r));
    }

    [Fact]
    public async Task Probe_UnitThatRefuses_IsThereAndOneThatIsSilentIsNot()
    {
        _field.Unit.Hide(RegisterSpace.Holding, 0);
        Assert.Equal("refuses holding 0 (exception 2)", (await new UnitProbe(_field, TimeProvider.System).AskAsync(9, default)).Unit!.Evidence);
        _field.AnswersLeft = 0;
        Assert.Equal((null, null), await new UnitProbe(_field, TimeProvider.System).AskAsync(9, default));
    }

    [Fact]
    public void Faults_ByChance_AreAboutAsManyAsWanted()
    {
        var plan = new FaultPlan();
        plan.Follow([new FaultRule([new(FaultKind.Silence), new(FaultKind.Close)]) { Share = 0.25 }], TimeProvider.System, new Random(1));
        var met = Enumerable.Range(0, 4000).Select(_ => plan.For(1)).ToList();
        Assert.InRange(met.Count(f => f is not null), 900, 1100);
        Assert.Equal([FaultKind.Silence, FaultKind.Close], met.OfType<Fault>().Select(f => f.Kind).Distinct().Order());
    }

    /// <summary>A line to one simulated unit, without a wire.</summary>
    private sealed class Field : IFieldAccess
    {
        public SimulatedUnit Unit { get; } = new();

        public List<string> Requests { get; } = [];

        /// <summary>A function that the device does not know.</summary>
        public int Refuses { get; set; }

        /// <summary>So many answers come yet.</summary>
        public int AnswersLeft { get; set; } = int.MaxValue;

        public ValueTask<FieldReply> AskAsync(FieldRequest request, CancellationToken cancellation)
        {
            Requests.Add(Convert.ToHexString(request.Bytes.Span));
            if (AnswersLeft-- <= 0)
            {
                return ValueTask.FromResult(new FieldReply(FieldOutcome.Unanswered, default, "timeout", "look"));
            }

            var response = new byte[ModbusLimits.Pdu];
            var length = Unit.Answer(request.Bytes.Span, response);
            return ValueTask.FromResult(new FieldReply(FieldOutcome.Answered, request.Bytes.Span[0] == Refuses ? new byte[] { (byte)(Refuses | 0x80), 1 } : response.AsMemory(0, length)));
        }

        public string? Change(FieldRequest request) => null;
    }
}
