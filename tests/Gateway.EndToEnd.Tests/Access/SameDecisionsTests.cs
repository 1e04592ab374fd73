using System.Text.Json;
using Gateway.EndToEnd.Tests.Broker;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Access;

/// <summary>The same password file and the same ACL file, given to Debian's Mosquitto and to us.</summary>
public sealed class SameDecisionsTests : IDisposable
{
    private const string Acl = """
        # who gives no name
        topic read public/#
        topic deny public/hidden

        user anna
        topic read plant/#
        topic deny plant/secret/#
        topic write plant/+/set
        topic read $SYS/broker/version

        user max the second
        topic m/#
        topic deny own/max the second/#

        pattern read fence/%c
        pattern readwrite own/%u/#
        pattern write by/%c
        pattern write in%c/x
        pattern deny public/hidden
        pattern deny m/closed

        user anna
        topic readwrite late

        topic read fence/chash

        user we+ird
        topic read fence/c-weird
        topic write late

        user watcher
        topic readwrite #
        topic readwrite $SYS/#
        """;

    private static readonly string[] s_topics =
    [
        "public/1", "public/hidden", "plant", "plant/1", "plant/1/set", "plant/secret", "plant/secret/set", "late", "late/1", "m/1", "m", "m/closed",
        "own/anna/1", "own/ben/1", "own/max the second/1", "own/we-ird/1", "by/c-anna", "by/c-ben", "inc-anna/x", "/", "other",
    ];

    private static readonly string[] s_filters =
        ["#", "+/#", "plant/#", "plant/secret/#", "plant/+/set", "public/+", "public/hidden", "own/+/1", "own/anna/#", "own/ben/1", "m/#", "by/#", "late/#", "$SYS/broker/version", "nothing"];

    /// <summary>Client identifier, user, password. Everybody's password is their name backwards.</summary>
    private static readonly (string Id, string? User, string? Password)[] s_clients =
    [
        ("c-anna", "anna", "anna"), ("c-ben", "ben", "neb"), ("c-none", null, null), ("c-max", "max the second", "dnoces eht xam"), ("c-weird", "we+ird", "dri+ew"),
        ("c-anna2", "anna", "wrong"), ("c-nobody", "nobody", "x"), ("c#", "anna", "anna"), ("c-nopass", "anna", null),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("3.1.1", true)]
    [InlineData("5", false)]
    public async Task SameFiles_SameDecisions(string version, bool anonymous)
    {
        var users = await MakeUsersAsync();
        var acl = _folder.Write("acl", Acl);

        // With max_queued_messages 0, which other tests want, 2.0.11 closes the connection of whoever publishes where it may not.
        await using var mosquitto = new Mosquitto(_folder, "theirs", "max_queued_messages 1000", "set_tcp_nodelay true", $"allow_anonymous {(anonymous ? "true" : "false")}", $"password_file {users}", $"acl_file {acl}");
        await mosquitto.StartAsync();
        await using var ours = await LanBroker.StartAsync(new() { PasswordFile = users, AclFile = acl, Anonymous = anonymous });
        var questions = _folder.Write("questions.json", Questions());

        var expected = await AskAsync(mosquitto.Port, version, questions);
        var actual = await AskAsync(ours.Port, version, questions);

        Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
        Assert.Equal(s_clients.Length, actual.GetArrayLength());
        foreach (var (theirs, we) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
        {
            Compare(theirs, we);
        }
    }

    private static void Compare(JsonElement theirs, JsonElement ours)
    {
        var who = ours.GetProperty("client").GetString();

        // Meant: a wrong password is called that (4, 0x86) where Mosquitto says "not authorised" (5, 0x87) for everything.
        var (their, our) = (theirs.GetProperty("connect").GetInt32(), ours.GetProperty("connect").GetInt32());
        Assert.True(their == our || (their, our) is (5, 4) or (0x87, 0x86), $"{who} connects: {theirs} {ours}");
        if (!theirs.TryGetProperty("writes", out var writes))
        {
            return;
        }

        Same(who, "publishes", writes, ours.GetProperty("writes"));
        Same(who, "leaves a will", theirs.GetProperty("wills"), ours.GetProperty("wills"));
        foreach (var filter in s_filters)
        {
            var (a, b) = (theirs.GetProperty("filters").GetProperty(filter), ours.GetProperty("filters").GetProperty(filter));
            Same(who, $"reads by {filter}", a.GetProperty("reads"), b.GetProperty("reads"));
            Same(who, $"reads $SYS by {filter}", a.GetProperty("sys"), b.GetProperty("sys"));

            // The one difference that is meant: what can never deliver is refused, where Mosquitto grants it and is silent.
            if (b.GetProperty("code").GetInt32() >= 0x80)
            {
                Assert.True(a.GetProperty("reads").GetArrayLength() == 0 && !a.GetProperty("sys").GetBoolean(), $"{who} may not subscribe to {filter}, and Mosquitto delivers: {a}");
            }
        }
    }

    private static void Same(string? who, string what, JsonElement theirs, JsonElement ours) =>
        Assert.True(theirs.GetRawText() == ours.GetRawText(), $"{who} {what}\nMosquitto {theirs.GetRawText()}\nwe        {ours.GetRawText()}");

    private static string Questions() =>
        $$"""
        {"watcher": ["watcher", "rehctaw"], "clients": [{{string.Join(", ", s_clients.Select(c => $"[{Text(c.Id)}, {Text(c.User)}, {Text(c.Password)}]"))}}],
         "topics": [{{string.Join(", ", s_topics.Select(Text))}}], "filters": [{{string.Join(", ", s_filters.Select(Text))}}]}
        """;

    private static string Text(string? text) => text is null ? "null" : $"\"{text}\"";

    private static async Task<JsonElement> AskAsync(int port, string version, string questions)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Access", "decisions.py");
        using var answers = JsonDocument.Parse(await ClientTool.RunAsync("/usr/bin/python3", script, $"{port}", version, questions));
        return answers.RootElement.Clone();
    }

    private async Task<string> MakeUsersAsync()
    {
        var users = _folder.Write("users", "");
        foreach (var user in new[] { "anna", "ben", "max the second", "we+ird", "watcher" })
        {
            var (code, output) = await ChildProcess.RunAsync("mosquitto_passwd", "-b", users, user, string.Concat(user.Reverse()));
            Assert.True(code == 0, output);
        }

        return users;
    }
}
