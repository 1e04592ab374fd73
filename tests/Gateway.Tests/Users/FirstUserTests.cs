using System.Text;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Users;

namespace Gateway.Tests.Users;

public sealed class FirstUserTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _data = Directory.CreateTempSubdirectory("edge-gateway-users-").FullName;

    private string Kept => FirstUser.PasswordFileIn(_data);

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Ensure_NoUsers_MakesOneWhoMayDoEverythingAndKeepsThePasswordPrivately()
    {
        var (options, password) = FirstUser.Ensure(new BrokerOptions(), _data);

        Assert.Matches("^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$", password);
        Assert.Equal(password + "\n", File.ReadAllText(Kept));
        Assert.Equal(Private, File.GetUnixFileMode(Kept));
        Assert.Equal(Private, File.GetUnixFileMode(options.Users!));
        var problems = new ProblemList();
        Assert.True(PasswordFile.TryRead(options.Users!, problems)!.Verify("installer", Encoding.UTF8.GetBytes(password!)));
        Assert.Equal("admin", RoleFile.TryReadBeside(options.Users!, problems)!.RoleOf("installer"));
        Assert.DoesNotContain(password!, File.ReadAllText(options.Users!), StringComparison.Ordinal);
    }

    [Fact]
    public void Ensure_SecondStart_LeavesThemAlone()
    {
        var first = FirstUser.Ensure(new BrokerOptions(), _data);
        var before = File.ReadAllText(first.Options.Users!);

        var second = FirstUser.Ensure(new BrokerOptions(), _data);

        Assert.Null(second.Password);
        Assert.Equal(first.Options.Users, second.Options.Users);
        Assert.Equal(before, File.ReadAllText(first.Options.Users!));
    }

    [Fact]
    public void Ensure_PowerCutBeforeTheUsersWereThere_StartsAgain()
    {
        var first = FirstUser.Ensure(new BrokerOptions(), _data);
        File.Delete(first.Options.Users!);

        var second = FirstUser.Ensure(new BrokerOptions(), _data);

        Assert.NotNull(second.Password);
        Assert.NotEqual(first.Password, second.Password);
        Assert.Equal(second.Password + "\n", File.ReadAllText(Kept));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Ensure_UsersAreNamedOrEverybodyMay_MakesNone(bool named, bool anonymous)
    {
        var options = new BrokerOptions { PasswordFile = named ? "/nowhere/users" : null, Anonymous = anonymous };

        Assert.Equal((options, null), FirstUser.Ensure(options, _data));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data));
    }

    [Fact]
    public void Ensure_CannotBeMade_SaysWhyAndLeavesNobodyIn()
    {
        Directory.CreateDirectory(Kept);

        var (options, password) = FirstUser.Ensure(new BrokerOptions(), _data);

        Assert.Null(password);
        Assert.Null(options.Users);
        Assert.Contains($"{UsersFile.In(_data)} could not be made: ", options.NoUsersBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void Tidy_PasswordChanged_RemovesTheFileAndNotBefore()
    {
        var (options, _) = FirstUser.Ensure(new BrokerOptions(), _data);
        FirstUser.Tidy(_data);
        Assert.True(File.Exists(Kept));

        using (var book = UserBook.Open(options.Users!))
        {
            book.SetPassword("installer", "something else");
        }

        FirstUser.Tidy(_data);
        Assert.False(File.Exists(Kept));
    }
}
