using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

public class DbusAddressTests
{
    [Theory]
    [InlineData("unix:path=/run/dbus/system_bus_socket", "unix:path=/run/dbus/system_bus_socket")]
    [InlineData("unix:path=/tmp/a,guid=00ff", "unix:path=/tmp/a")]
    [InlineData("unix:guid=00ff,abstract=/tmp/b", "unix:abstract=/tmp/b")]
    [InlineData("tcp:host=localhost,port=1;unix:path=/a;unix:abstract=b", "unix:path=/a unix:abstract=b")]
    [InlineData("unix:path=/tmp/with%20space%3b", "unix:path=/tmp/with space;")]
    [InlineData("unix:path=/tmp/%2", "")]
    [InlineData("unixpath", "")]
    [InlineData("", "")]
    public void Parse_List_GivesItsUnixSockets(string list, string expected) => Assert.Equal(expected, string.Join(' ', DbusAddress.Parse(list)));
}
