using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class StoredIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-identity-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Start_First_MakesAnIdThatStays()
    {
        var first = StoredIdentity.Start(_folder, null, "here");
        var second = StoredIdentity.Start(_folder, null, "here");
        Assert.Matches("^gw-[0-9a-f]{8}$", first.Id);
        Assert.Equal((first.Id, 1, 2), (second.Id, first.Boot, second.Boot));
        Assert.Null(StoredIdentity.CameFrom(_folder, "here"));
    }

    [Fact]
    public void Start_ConfiguredId_Wins() => Assert.Equal("gw-berlin", StoredIdentity.Start(_folder, "gw-berlin", "here").Id);

    [Fact]
    public void CameFrom_CopiedFolder_IsNoticedUntilItIsNoted()
    {
        StoredIdentity.Start(_folder, null, "there");
        Assert.Equal("there", StoredIdentity.CameFrom(_folder, "here"));
        StoredIdentity.Start(_folder, null, machine: null);
        Assert.Equal("there", StoredIdentity.CameFrom(_folder, "here"));
        StoredIdentity.Start(_folder, null, "here");
        Assert.Null(StoredIdentity.CameFrom(_folder, "here"));
    }

    [Fact]
    public void Machine_ACopiedCard_DiffersByTheBoardsSerialNumber()
    {
        var (id, board, none) = (Path.Combine(_folder, "machine-id"), Path.Combine(_folder, "serial-number"), Path.Combine(_folder, "none"));
        File.WriteAllText(id, "0123456789abcdef\n");
        File.WriteAllText(board, "10000000aabbccdd\0");
        Assert.Equal("0123456789abcdef/10000000aabbccdd", MachineIdentity.Read(id, board));
        Assert.Equal("0123456789abcdef", MachineIdentity.Read(id, none));
        Assert.Equal("unknown", MachineIdentity.Read(none, none));
    }

    [Fact]
    public void Start_DamagedFile_SaysWhatToDo()
    {
        File.WriteAllText(Path.Combine(_folder, "identity.json"), "{");
        var error = Assert.Throws<IOException>(() => StoredIdentity.Start(_folder, null, "here"));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }
}
