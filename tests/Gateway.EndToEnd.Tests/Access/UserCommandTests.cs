using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Access;

/// <summary>Users from the first start to the last, with the real daemon, mosquitto_passwd and Mosquitto beside it.</summary>
public sealed class UserCommandTests : IDisposable
{
    private const string Planted = "planted-Secret-7";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FirstStart_MakesInstaller_WhoCanChangeEverythingAndIsForgottenWhenChanged()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        await gateway.StartAsync();
        var file = _folder.Of("data/installer-password");
        var password = File.ReadAllText(file).Trim();

        await gateway.Process.WaitForAsync($"the user installer was made, who may do everything; its password is in {file}");
        Assert.DoesNotContain(gateway.Process.Lines, l => l.Contains(password, StringComparison.Ordinal));
        Assert.Contains(file, (await gateway.StatusAsync()).Report.GetProperty("broker").GetProperty("access")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        await PublishAsync("installer", password, "any/topic", code: 0);
        await PublishAsync("installer", "wrong", "any/topic", code: 5);
        await PublishAsync(Planted, Planted, "any/topic", code: 5);
        await gateway.Process.WaitForAsync("A login of a name that is no user from 127.0.0.1 failed");

        await UserAsync(gateway, 0, "passwd", "installer", "--password-file", _folder.Write("new", Planted));
        await gateway.Process.WaitForAsync("users reloaded");
        await PublishAsync("installer", Planted, "any/topic", code: 0);
        Assert.False(File.Exists(file));
        Assert.Equal(0, (await gateway.StatusAsync()).Report.GetProperty("broker").GetProperty("access").GetArrayLength());
        Assert.DoesNotContain(gateway.Process.Lines, l => l.Contains(Planted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OtherMachines_NeedAUserFromTheFirstStart_ThisOneDoesNot()
    {
        // An address that is no loopback stands for another machine.
        await using var network = await LanAddress.AddAsync();
        await using var gateway = new GatewayProcess(_folder, Configuration(bind: "0.0.0.0"));
        await gateway.StartAsync();
        var password = File.ReadAllText(_folder.Of("data/installer-password")).Trim();

        string[] question = ["-V", "mqttv5", "-d", "-p", $"{_port}", "-t", "edge/boiler/set/t", "-m", "1", "-q", "1"];
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", .. question])).Code);
        var (code, output) = await ChildProcess.RunAsync("mosquitto_pub", ["-h", network.Address, .. question]);
        Assert.NotEqual(0, code);
        Assert.Contains("received CONNACK (135)", output, StringComparison.Ordinal);
        Assert.Equal(0, (await ChildProcess.RunAsync("mosquitto_pub", ["-h", network.Address, "-u", "installer", "-P", password, .. question])).Code);
    }

    [Fact]
    public async Task AddAndRemove_WhileTheGatewayRuns_CountAtOnce()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        await gateway.StartAsync();
        var secret = _folder.Write("secret", Planted + "\n");

        await UserAsync(gateway, 0, "add", "anna", "--role", "control", "--password-file", secret);
        await gateway.Process.WaitForAsync("users reloaded");
        await PublishAsync("anna", Planted, "edge/boiler/set/t", code: 0);
        await PublishAsync("anna", Planted, "edge/boiler/telemetry/t", code: 0, denied: true);
        var list = await UserAsync(gateway, 0, "list", "--json");
        Assert.Equal("""[{"user":"anna","role":"control"},{"user":"installer","role":"admin"}]""", string.Concat(list.Output.Select(l => l.Trim())).Replace("\": ", "\":", StringComparison.Ordinal));

        await using var subscriber = ChildProcess.Start("mosquitto_sub", ["-V", "mqttv5", "-p", $"{_port}", "-u", "anna", "-P", Planted, "-d", "-t", "#"]);
        await subscriber.WaitForAsync("Subscribed");
        await UserAsync(gateway, 0, "remove", "anna");
        await subscriber.WaitForAsync("Received DISCONNECT (135)");
        await PublishAsync("anna", Planted, "edge/boiler/set/t", code: 5);
    }

    [Fact]
    public async Task Wrongly_Used_SaysWhatToDo()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        Directory.CreateDirectory(_folder.Of("data"));
        var secret = _folder.Write("secret", Planted);

        Assert.Contains("no gateway runs", (await UserAsync(gateway, 0, "add", "anna", "--password-file", secret)).Output[^1], StringComparison.Ordinal);
        Assert.Contains("already", (await UserAsync(gateway, 1, "add", "anna", "--password-file", secret)).Errors[0], StringComparison.Ordinal);
        Assert.Contains("no user ben", (await UserAsync(gateway, 1, "remove", "ben")).Errors[0], StringComparison.Ordinal);
        Assert.Contains("at least 8", (await UserAsync(gateway, 1, "passwd", "anna", "--password-file", _folder.Write("short", "abc"))).Errors[0], StringComparison.Ordinal);
        Assert.Contains("colon", (await UserAsync(gateway, 2, "add", "a:b", "--password-file", secret)).Errors[0], StringComparison.Ordinal);
        await UserAsync(gateway, 2, "add", "carl", "--role", "king", "--password-file", secret);
    }

    [Fact]
    public async Task Terminal_IsAskedForThePasswordTwice_AndShownTheFirstOne()
    {
        await using var gateway = new GatewayProcess(_folder, Configuration());
        await using (var run = ChildProcess.Start("script", ["-qec", $"{GatewayProcess.Program} run --config {gateway.Configuration}", "/dev/null"]))
        {
            await run.WaitForAsync("ready: ");
            await run.WaitForAsync("password  " + File.ReadAllText(_folder.Of("data/installer-password")).Trim());
            await run.WriteLineAsync("\u0003");
            await run.WaitForExitAsync();
        }

        await using var add = ChildProcess.Start("script", ["-qec", $"{GatewayProcess.Program} user add anna --config {gateway.Configuration}", "/dev/null"]);
        await add.WriteLineAsync($"{Planted}\n{Planted}");
        Assert.Equal(0, await add.WaitForExitAsync());
        await add.WaitForAsync("no gateway runs");
        Assert.Contains(add.Lines, l => l.Contains("Password of anna: ", StringComparison.Ordinal));
        Assert.Contains("anna:$7$", File.ReadAllText(_folder.Of("data/users")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_OfBothTools_AreReadByBoth()
    {
        var users = _folder.Of("users");
        await using var gateway = new GatewayProcess(_folder, Configuration("password-file: users, "));
        await PasswdAsync("-c", "-b", users, "ben", "of mosquitto_passwd");
        await UserAsync(gateway, 0, "add", "anna", "--password-file", _folder.Write("secret", Planted));
        await PasswdAsync("-b", users, "carl", "after ours");
        await PasswdAsync("-H", "sha512", "-b", users, "ben", "again, and old");
        await gateway.StartAsync();
        await using var mosquitto = new Mosquitto(_folder, "theirs", "allow_anonymous false", $"password_file {users}");
        await mosquitto.StartAsync();

        foreach (var port in new[] { _port, mosquitto.Port })
        {
            await PublishAsync("anna", Planted, "t", code: 0, port: port, denied: port == _port);
            await PublishAsync("carl", "after ours", "t", code: 0, port: port, denied: port == _port);
            await PublishAsync("ben", "again, and old", "t", code: 0, port: port, denied: port == _port);
            await PublishAsync("anna", "after ours", "t", code: 5, port: port);
        }
    }

    [Fact]
    public async Task Check_LooksIntoAllFiles_AndSaysEverythingAtOnce()
    {
        _folder.Write("users", $"anna:{Planted}\n");
        _folder.Write("users.roles", "anna:king\n");
        _folder.Write("acl", "topic raed a\n");
        var path = _folder.Write("gw.yaml", Configuration("password-file: users, acl-file: acl, "));

        var check = await GatewayCommand.RunAsync("check", "--config", path);
        var run = await GatewayCommand.RunAsync("run", "--config", path);

        Assert.Equal(78, check.Code);
        Assert.Contains(check.Errors, l => l.StartsWith($"{_folder.Of("users")}:1:1: ", StringComparison.Ordinal));
        Assert.Contains(check.Errors, l => l.StartsWith($"{_folder.Of("users.roles")}:1:1: ", StringComparison.Ordinal));
        Assert.Contains($"{_folder.Of("acl")}:1:7: \"raed\" is no access; write read", check.Errors);
        Assert.Contains($"{_folder.Of("acl")}:1:7: ", run.Refusal(), StringComparison.Ordinal);
        Assert.DoesNotContain(check.Errors.Concat(check.Output).Concat(run.Errors), l => l.Contains(Planted, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("acl-file")]
    [InlineData("password-file")]
    public async Task Check_FileNamedAndMissing_IsAnErrorAtItsKey(string key)
    {
        var path = _folder.Write("gw.yaml", Configuration($"{key}: nowhere, "));

        var check = await GatewayCommand.RunAsync("check", "--config", path);

        Assert.Equal(78, check.Code);
        Assert.Contains(check.Errors, l => l.StartsWith($"{path}:2:", StringComparison.Ordinal) && l.Contains(_folder.Of("nowhere"), StringComparison.Ordinal));
        Assert.Contains(_folder.Of("nowhere"), (await GatewayCommand.RunAsync("run", "--config", path)).Refusal(), StringComparison.Ordinal);
    }

    private string Configuration(string broker = "", string bind = "127.0.0.1") => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { {{broker}}listeners: [{ bind: {{bind}}, port: {{_port}} }] }

        """;

    private async Task<GatewayCommand> UserAsync(GatewayProcess gateway, int code, params string[] arguments)
    {
        var command = await gateway.AskAsync(["user", .. arguments]);
        Assert.True(command.Code == code, $"{string.Join(' ', arguments)} ended with {command.Code}: {string.Join('\n', command.Errors)}");
        Assert.DoesNotContain(command.Output.Concat(command.Errors), l => l.Contains(Planted, StringComparison.Ordinal));
        return command;
    }

    /// <param name="user">User.</param>
    /// <param name="password">Password.</param>
    /// <param name="topic">Topic.</param>
    /// <param name="code">0, or 5: not let in.</param>
    /// <param name="denied">Whether PUBACK says 135.</param>
    /// <param name="port">Whose.</param>
    private async Task PublishAsync(string user, string password, string topic, int code, bool denied = false, int? port = null)
    {
        await using var tool = ChildProcess.Start("mosquitto_pub", ["-V", "mqttv5", "-d", "-p", $"{port ?? _port}", "-u", user, "-P", password, "-t", topic, "-m", "x", "-q", "1"]);
        await tool.WaitForExitAsync();
        await tool.WaitForAsync(code != 0 ? "received CONNACK (13" : denied ? "RC:135" : "received PUBACK");
        Assert.Equal(code == 0 && !denied, tool.Lines.Any(l => l.Contains("received PUBACK", StringComparison.Ordinal) && !l.Contains("RC:135", StringComparison.Ordinal)));
    }

    private static async Task PasswdAsync(params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync("mosquitto_passwd", arguments);
        Assert.True(code == 0, output);
    }
}
