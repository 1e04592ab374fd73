using Gateway.Doctor;

namespace Gateway.Tests.Doctor;

public sealed class RedactorTests
{
    private static readonly Redactor s_redactor = new(null);

    [Theory]
    [InlineData("    password: hunter2-planted # on site", "    password: [removed] # on site")]
    [InlineData("password=hunter2-planted&x", "password=[removed]")]
    [InlineData("{ username: gw, password: \"hunter2-planted\" }", "{ username: gw, password: \"[removed]\" }")]
    [InlineData("servers: [\"mqtt://gw:hunter2-planted@host:1883\"]", "servers: [\"mqtt://gw:[removed]@host:1883\"]")]
    [InlineData("installer:$7$101$dGhpc2lzc2FsdA==$aGFzaGhhc2hoYXNoaGFzaA==", "installer:[removed]")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\nrest", "[removed]\nrest")]
    public void Clean_SomethingThatLooksLikeASecret_IsRemoved(string text, string cleaned) => Assert.Equal(cleaned, s_redactor.Clean(text));

    [Theory]
    [InlineData("password: { file: secrets/cloud }")]
    [InlineData("password-file: users")]
    [InlineData("servers: [\"mqtts://a.example:8883\"]")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")]
    public void Clean_WhereASecretIsKept_Stays(string text) => Assert.Equal(text, s_redactor.Clean(text));
}
