using Gateway.Core;
using Gateway.Doctor;
using Gateway.Hosting;
using Gateway.Identity;
using Gateway.Storage;

namespace Gateway.Tests.Doctor;

public sealed class StateExaminationTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("edge-gateway-states-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task States_AreWell_Damaged_OrMissing()
    {
        Assert.Empty(await ExamineAsync());
        var kept = new KeptStates(new DiskFiles(), _data.FullName, StoredIdentity.Start(_data.FullName, null, "here"));
        var state = kept.Open<IKeptState>("counters", s => s);
        Assert.Equal(KeptCondition.New, state.Condition);
        Assert.Null(state.Save([1, 2, 3]));
        Assert.Equal($"counters are kept in {Path.Combine(_data.FullName, "field")}", Assert.Single(await ExamineAsync()).Text);

        await File.WriteAllTextAsync(state.Place, "no state", TestContext.Current.CancellationToken);
        Assert.EndsWith("field/counters cannot be used: its content is damaged", Assert.Single(await ExamineAsync()).Text);
        Assert.Equal(KeptCondition.Lost, Open().Condition);

        File.Delete(state.Place);
        Assert.EndsWith("field/counters is missing", Assert.Single(await ExamineAsync()).Text);
        Assert.Equal(KeptCondition.Lost, Open().Condition);
    }

    [Fact]
    public void AState_OfAnotherMachine_IsACopy_UntilItIsSavedHere_WhereverTheStartIsCutOff()
    {
        Assert.Null(Open().Save([1]));
        Assert.Equal(KeptCondition.Whole, Open().Condition);
        Assert.Equal(KeptCondition.Copied, Open("there").Condition);

        // Nobody has looked at it yet: it still is one at the next start.
        Assert.Equal(KeptCondition.Copied, Open("there").Condition);
        var state = Open("there");
        Assert.Null(state.Save([2]));
        Assert.Equal(KeptCondition.Whole, Open("there").Condition);

        // New epochs could not be made durable: which machine it is, is not written down yet.
        Assert.Equal(KeptCondition.Copied, Open(null).Condition);
    }

    private IKeptState Open(string? machine = "here") => new KeptStates(new DiskFiles(), _data.FullName, StoredIdentity.Start(_data.FullName, null, machine)).Open<IKeptState>("counters", s => s);

    private async Task<List<Finding>> ExamineAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in new StateExamination(_data.FullName).ExamineAsync(TestContext.Current.CancellationToken))
        {
            findings.Add(finding);
        }

        return findings;
    }
}
