using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>BlueZ on one connection to the bus: its calls, with their limits.</summary>
/// <param name="connection">Owned from here on.</param>
/// <param name="owner">Unique name of bluetoothd: signals of others in its name are not believed.</param>
internal sealed class BlueZBus(DbusConnection connection, string owner) : IAsyncDisposable
{
    /// <summary>10 s: switching a slow USB adapter on takes 2.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public DbusConnection Connection { get; } = connection;

    public string Owner { get; } = owner;

    /// <summary>Connects, and asks for BlueZ's signals before anything else, so that none is missed.</summary>
    public static async ValueTask<(BlueZBus? Bus, RadioFault? Fault)> OpenAsync(string addresses, TimeProvider time, CancellationToken cancellation)
    {
        var (connection, error) = await DbusConnection.OpenAsync(addresses, time, cancellation);
        if (connection is null)
        {
            return (null, BlueZFaults.Of("connect to the system bus", error!));
        }

        var isReady = false;
        try
        {
            error = await connection.AddMatchAsync($"type='signal',sender='{BlueZNames.Service}'", cancellation)
                ?? await connection.AddMatchAsync($"type='signal',sender='{DbusConnection.Bus}',member='NameOwnerChanged',arg0='{BlueZNames.Service}'", cancellation);
            if (error is not null)
            {
                return (null, BlueZFaults.Of("hear what bluetoothd says", error));
            }

            var (owner, nobody) = await connection.OwnerAsync(BlueZNames.Service, cancellation);
            isReady = owner is not null;
            return isReady ? (new(connection, owner!), null) : (null, BlueZFaults.Of("find bluetoothd", nobody!));
        }
        finally
        {
            if (!isReady)
            {
                await connection.DisposeAsync();
            }
        }
    }

    public ValueTask<DbusReply> CallAsync(string path, string @interface, string member, CancellationToken cancellation, params IReadOnlyList<DbusValue> body) =>
        Connection.CallAsync(DbusMessage.Call(Owner, path, @interface, member, body), Patience, cancellation);

    public ValueTask<DbusReply> CallAsync(string path, string @interface, string member, TimeSpan timeout, CancellationToken cancellation, params IReadOnlyList<DbusValue> body) =>
        Connection.CallAsync(DbusMessage.Call(Owner, path, @interface, member, body), timeout, cancellation);

    public ValueTask<DbusReply> ObjectsAsync(CancellationToken cancellation) => CallAsync("/", DbusObjects.ObjectManager, "GetManagedObjects", cancellation);

    public ValueTask<DbusReply> GetAsync(string path, string @interface, string property, CancellationToken cancellation) =>
        CallAsync(path, DbusObjects.PropertiesInterface, "Get", cancellation, DbusValue.String(@interface), DbusValue.String(property));

    public ValueTask<DbusReply> SetAsync(string path, string @interface, string property, DbusValue value, CancellationToken cancellation) =>
        CallAsync(path, DbusObjects.PropertiesInterface, "Set", cancellation, DbusValue.String(@interface), DbusValue.String(property), DbusValue.Variant(value));

    /// <summary>Asks for something whose outcome its signals will tell.</summary>
    /// <returns>false: no room; it was not sent.</returns>
    public bool Tell(string path, string @interface, string member, params IReadOnlyList<DbusValue> body) =>
        Connection.Send(DbusMessage.Call(Owner, path, @interface, member, body) with { Flags = DbusFlags.NoReplyExpected });

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
