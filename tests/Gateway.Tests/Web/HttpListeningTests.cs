using System.Net;
using System.Net.Sockets;
using Gateway.Hosting;
using Gateway.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Web;

public sealed class HttpListeningTests : IDisposable
{
    private readonly TcpListener _holder = new(IPAddress.Loopback, 0);

    public HttpListeningTests() => _holder.Start();

    private HttpOptions Taken => new() { Port = ((IPEndPoint)_holder.LocalEndpoint).Port };

    public void Dispose() => _holder.Dispose();

    [Fact]
    public void Port_AskedForAndTaken_EndsTheStart()
    {
        var refused = Assert.Throws<StartException>(() => HttpListening.Bind(Taken, NullLogger.Instance));
        Assert.Contains("in use by", refused.Message, StringComparison.Ordinal);
        Assert.Contains("http.port", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Port_ByDefaultAndTaken_IsLeft() => Assert.Null(HttpListening.Bind(Taken with { IsDefault = true }, NullLogger.Instance).Address);

    [Fact]
    public void Address_OfAnotherMachine_IsSaidSo()
    {
        var refused = Assert.Throws<StartException>(() => HttpListening.Bind(new() { Bind = "192.0.2.1", Port = 0 }, NullLogger.Instance));
        Assert.Contains("does not have that address", refused.Message, StringComparison.Ordinal);
    }
}
