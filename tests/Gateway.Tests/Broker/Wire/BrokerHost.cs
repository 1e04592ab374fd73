using System.Collections.Concurrent;
using System.Net;
using Gateway.Broker;
using Gateway.Mqtt;
using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Broker.Wire;

/// <summary>The real broker behind a real Kestrel on a free port. An error that it logs fails the test that ends it.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ErrorCollector _errors;

    private BrokerHost(WebApplication app, ErrorCollector errors, FakeOutbox outbox, BrokerOptions options)
    {
        Options = options;
        _app = app;
        _errors = errors;
        Outbox = outbox;
    }

    public FakeOutbox Outbox { get; }

    public BrokerOptions Options { get; }

    public LocalBroker Broker => _app.Services.GetRequiredService<LocalBroker>();

    public IPEndPoint Address => Broker.Listeners.Bound[0];

    public static async Task<BrokerHost> StartAsync(BrokerOptions? options = null, TimeProvider? time = null)
    {
        options = (options ?? new BrokerOptions()) with { Listeners = [new ListenerOptions { Port = options?.Listeners[0].Port is { } p and not ListenerOptions.DefaultPort ? p : 0 }] };
        var builder = WebApplication.CreateSlimBuilder();
        var errors = new ErrorCollector();
        var outbox = new FakeOutbox();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Services.AddSingleton<IOutbox>(outbox);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddLocalBroker(options, "gw-test");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new BrokerHost(app, errors, outbox, options);
    }

    /// <summary>A client whose CONNECT has been answered with success.</summary>
    public async Task<WireClient> ConnectAsync(ConnectPacket connect)
    {
        var client = await OpenAsync(connect.Version);
        var answer = await client.HandshakeAsync(connect);
        Assert.Equal(ReasonCode.Success, answer.ReasonCode);
        return client;
    }

    public Task<WireClient> ConnectAsync(string clientId, ProtocolVersion version = ProtocolVersion.V500, bool clean = true) =>
        ConnectAsync(new ConnectPacket { ClientId = clientId, Version = version, CleanStart = clean });

    /// <summary>A TCP connection on which nothing has been said.</summary>
    public Task<WireClient> OpenAsync(ProtocolVersion version = ProtocolVersion.V500) => WireClient.OpenAsync(Address, version);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Assert.Empty(_errors.Errors);
    }

    private sealed class ErrorCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
