using System.Net;
using System.Net.Sockets;
using Gateway.Broker;
using Gateway.Tests.Broker.Wire;

namespace Gateway.Tests.Broker.Hosting;

public sealed class BindFailureTests
{
    [Fact]
    public async Task Start_PortInUse_NamesTheHolder()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var options = new BrokerOptions { Listeners = [new ListenerOptions { Port = port }] };
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => BrokerHost.StartAsync(options));
        var told = BindFailure.Explain(thrown, options);
        Assert.NotNull(told);
        Assert.Contains($"port {port} is in use by ", told.Message, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_SaysSo()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var options = new BrokerOptions { Listeners = [new ListenerOptions { Bind = "192.0.2.1" }] };
        var thrown = await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            await Task.Yield();
            socket.Bind(new IPEndPoint(IPAddress.Parse(options.Listeners[0].Bind), 0));
        });
        Assert.Contains("does not have that address", BindFailure.Explain(thrown, options)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SomethingElse_IsNull() => Assert.Null(BindFailure.Explain(new InvalidOperationException("x"), new BrokerOptions()));

    [Fact]
    public void PortHolder_NobodyListens_IsNull() => Assert.Null(PortHolder.Find(1));
}
