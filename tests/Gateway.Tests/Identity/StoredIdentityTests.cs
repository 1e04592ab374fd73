using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class StoredIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-identity-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Start_First_MakesAnIdThatStays()
    {
        var first = StoredIdentity.Start(_folder, null);
        var second = StoredIdentity.Start(_folder, null);
        Assert.Matches("^gw-[0-9a-f]{8}$", first.Id);
        Assert.Equal((first.Id, 1, 2), (second.Id, first.Boot, second.Boot));
        Assert.False(StoredIdentity.IsFromAnotherMachine(_folder));
    }

    [Fact]
    public void Start_ConfiguredId_Wins() => Assert.Equal("gw-berlin", StoredIdentity.Start(_folder, "gw-berlin").Id);

    [Fact]
    public void IsFromAnotherMachine_CopiedFolder_IsNoticed()
    {
        var identity = StoredIdentity.Start(_folder, null);
        var path = Path.Combine(_folder, "identity.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(identity.MachineId, "another", StringComparison.Ordinal));
        Assert.True(StoredIdentity.IsFromAnotherMachine(_folder));
    }

    [Fact]
    public void Start_DamagedFile_SaysWhatToDo()
    {
        File.WriteAllText(Path.Combine(_folder, "identity.json"), "{");
        var error = Assert.Throws<IOException>(() => StoredIdentity.Start(_folder, null));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }
}
