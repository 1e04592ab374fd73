using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Users;

namespace Gateway.Tests.Users;

public sealed class UserBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-users-").FullName;

    private string Users => Path.Combine(_folder, "users");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Change_OneUser_LeavesEveryOtherLineAndTheModeAsTheyWere()
    {
        File.WriteAllText(Users, "# who\nben:$6$a$b\n\nanna:x\n");
        File.SetUnixFileMode(Users, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using (var book = UserBook.Open(Users))
        {
            book.SetPassword("anna", "a new one");
            book.SetPassword("carl", "another");
        }

        var lines = File.ReadAllLines(Users);
        Assert.Equal(["# who", "ben:$6$a$b", ""], lines[..3]);
        Assert.StartsWith("anna:$7$", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("carl:$7$", lines[4], StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Users));
        Assert.Equal(["users"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Remove_UserWithARole_TakesTheRoleToo()
    {
        using var book = UserBook.Open(Users);
        book.SetPassword("anna", "long enough");
        book.SetRole("anna", "admin");

        book.Remove("anna");

        Assert.False(book.Has("anna"));
        Assert.Equal("viewer", RoleFile.TryReadBeside(Users, new ProblemList())!.RoleOf("anna"));
    }

    [Fact]
    public void Open_SomebodyElseIsAtIt_IsRefusedUntilTheyAreDone()
    {
        using (UserBook.Open(Users))
        {
            Assert.Contains("try again", Assert.Throws<IOException>(() => UserBook.Open(Users)).Message, StringComparison.Ordinal);
        }

        UserBook.Open(Users).Dispose();
    }

    [Fact]
    public void Change_FileBehindALink_IsReplacedThereAndTheLinkStays()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "real"));
        var real = Path.Combine(_folder, "real", "users");
        File.WriteAllText(real, "");
        File.CreateSymbolicLink(Users, real);
        using (var book = UserBook.Open(Users))
        {
            book.SetPassword("anna", "long enough");
        }

        Assert.Equal(real, File.ResolveLinkTarget(Users, returnFinalTarget: true)!.FullName);
        Assert.StartsWith("anna:", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anna", true)]
    [InlineData("max the second", true)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("a+b", false)]
    [InlineData("#", false)]
    [InlineData(" a", false)]
    [InlineData("a\nb", false)]
    public void Name_ThatEveryFileCanHold_IsGood(string name, bool good) => Assert.Equal(good, UserName.Problem(name) is null);
}
