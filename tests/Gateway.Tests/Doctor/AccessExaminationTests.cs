using Gateway.Adapters;
using Gateway.Broker;
using Gateway.Doctor;

namespace Gateway.Tests.Doctor;

public sealed class AccessExaminationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("access-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Roles_AreTriedOnEveryDevice()
    {
        Write("users", User("anna"), User("ben"), User("carl"));
        Write("users.roles", "ben:control", "carl:admin");

        Assert.Equal(
            [
                "Good user anna (role viewer) reads 2 of 2 devices, commands 0",
                "Good user ben (role control) reads 2 of 2 devices, commands 2",
                "Good user carl (role admin) reads 2 of 2 devices, commands 2",
            ],
            await FindingsAsync("password-file: users"));
    }

    [Fact]
    public async Task Acl_ThatKeepsAUserFromWhatItNeeds_IsNamedWithTheLineToWrite()
    {
        Write("users", User("anna"), User("ben"), User("carl"), User("dora"));
        Write("acl", "user anna", "topic read elsewhere/#", "user ben", "topic write edge/boiler/cmd", "user carl", "topic read edge/#", "topic deny edge/meter/telemetry/#");
        var acl = Path.Combine(_folder, "acl");

        Assert.Equal(
            [
                $"Warning user anna ({acl}) may neither read nor command any device: it may not read edge/boiler/telemetry/+ → if that is not meant: in {acl}, below user anna, write topic read edge/#",
                $"Warning user ben ({acl}) may command boiler and may not read the answer, edge/boiler/response → if that is not meant: in {acl}, below user ben, write topic read edge/boiler/response",
                $"Good user ben ({acl}) reads 0 of 2 devices, commands 1, may not read edge/boiler/telemetry/+, edge/meter/telemetry/+",
                $"Good user carl ({acl}) reads 1 of 2 devices, commands 0, may not read edge/meter/telemetry/+",
                $"Warning user dora ({acl}) may neither read nor command any device: it may not read edge/boiler/telemetry/+ → if that is not meant: in {acl}, below user dora, write topic read edge/#",
            ],
            await FindingsAsync("password-file: users, acl-file: acl"));
    }

    [Fact]
    public async Task Users_ThatTheGatewayMade_AreTriedToo()
    {
        Assert.Empty(await FindingsAsync(""));

        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        Write("data/users", User("installer"));
        Write("data/users.roles", "installer:admin");

        Assert.Equal(["Good user installer (role admin) reads 2 of 2 devices, commands 2"], await FindingsAsync(""));
    }

    [Fact]
    public async Task Broken_File_IsAFault()
    {
        Write("users", "anna");

        Assert.StartsWith($"Fault {Path.Combine(_folder, "users")}:1:1: ", Assert.Single(await FindingsAsync("password-file: users")), StringComparison.Ordinal);
    }

    private static string User(string name) => $"{name}:{PasswordHash.Create("correct horse"u8)}";

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);

    private async Task<IReadOnlyList<string>> FindingsAsync(string broker)
    {
        var (configuration, problems) = ConfigurationLoader.Parse(
            $$"""
            gateway: { id: gw-1, data: {{_folder}}/data }
            broker: { {{broker}} }
            links: [{ id: plc, type: modbus-tcp, host: 192.0.2.1 }]
            devices:
              - { id: boiler, link: plc, unit-id: 1, points: [{ id: a, register: holding 0, type: int16 }, { id: b, register: holding 1, type: int16, write: {} }] }
              - { id: meter, link: plc, unit-id: 2, points: [{ id: a, register: holding 0, type: int16 }] }

            """,
            Path.Combine(_folder, "gateway.yaml"),
            AdapterCatalog.All);
        Assert.True(configuration is not null, string.Join('\n', problems.All));
        var findings = new List<string>();
        await foreach (var f in new AccessExamination(configuration).ExamineAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal("access", f.Part);
            findings.Add($"{f.Severity} {f.Text}{(f.Remedy is null ? "" : $" → {f.Remedy}")}");
        }

        return findings;
    }
}
