using System.Collections.Concurrent;
using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>Connects to devices of one controller, one after the other: controllers make one connection at a time, and refuse or forget a second.</summary>
internal sealed class BlueZConnector(BlueZBus bus, BlueZAdapter controller, TimeSpan limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BlueZConnection> _connections = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _hasEnded;

    /// <summary>Devices that are connected or being connected.</summary>
    public int Connections => _connections.Count;

    /// <param name="device">Its address.</param>
    /// <param name="pairing">How it is paired with; null: never.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var path = $"{controller.Path}/dev_{device.ToString().Replace(':', '_')}";
            if (_connections.ContainsKey(path))
            {
                return new(null, "already connected", "the same device twice in the configuration?");
            }

            var connection = _connections[path] = new(bus, path, Forget);
            GattOpening opening = default;
            try
            {
                using var deadline = new CancellationTokenSource(limit, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
                opening = await ConnectAsync(connection, pairing, both.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                opening = GattFaults.NotConnected(new(DbusError.NoReply, ""));
            }
            finally
            {
                if (opening.Connection is null)
                {
                    // Also takes back what BlueZ is still trying.
                    await connection.DisposeAsync();
                }
            }

            return opening;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Properties of a device that changed.</summary>
    public void DeviceChanged(string path, in DbusValue changed)
    {
        if (_connections.TryGetValue(path, out var connection))
        {
            connection.DeviceChanged(changed);
        }
    }

    /// <summary>Properties of a characteristic that changed; its device's path is the beginning of its own.</summary>
    public void CharacteristicChanged(string path, in DbusValue changed)
    {
        var end = path.IndexOf('/', controller.Path.Length + 1);
        if (end > 0 && _connections.TryGetValue(path[..end], out var connection))
        {
            connection.CharacteristicChanged(path, changed);
        }
    }

    public void DeviceRemoved(string path)
    {
        if (_connections.TryGetValue(path, out var connection))
        {
            connection.End();
        }
    }

    /// <summary>The radio is gone, and all connections with it.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (var connection in _connections.Values)
        {
            connection.End();
        }
    }

    private async ValueTask<GattOpening> ConnectAsync(BlueZConnection connection, PairingCode? pairing, CancellationToken cancellation)
    {
        if (_hasEnded)
        {
            return GattFaults.NotConnected(new(DbusError.Disconnected, ""));
        }

        var reply = await bus.CallAsync(connection.Path, BlueZNames.Device, "Connect", limit, cancellation);
        if (reply.Error is { Name: not BlueZNames.AlreadyConnected } refused)
        {
            return GattFaults.NotConnected(refused);
        }

        connection.Made();
        if (pairing is not null && await PairAsync(connection.Path, pairing, cancellation) is { } error)
        {
            return GattFaults.NotPaired(error);
        }

        var known = await bus.GetAsync(connection.Path, BlueZNames.Device, "ServicesResolved", cancellation);
        if (known.Argument(0).AsBoolean() != true && await Task.WhenAny(connection.Resolved, connection.Ended).WaitAsync(cancellation) == connection.Ended)
        {
            return new(null, GattFaults.Disconnected, "the device ended the connection before its services were known; it is tried again");
        }

        var objects = await bus.ObjectsAsync(cancellation);
        if (objects.Error is { } unknown)
        {
            return GattFaults.NotConnected(unknown);
        }

        connection.Use(BlueZCharacteristic.Of(objects.Argument(0), connection.Path));
        return new(connection);
    }

    /// <summary>The agent is there for as long as this pairing takes: otherwise anybody in range could be answered by it.</summary>
    private async ValueTask<DbusError?> PairAsync(string path, PairingCode pairing, CancellationToken cancellation)
    {
        var paired = await bus.GetAsync(path, BlueZNames.Device, "Paired", cancellation);
        if (paired.Argument(0).AsBoolean() == true)
        {
            return null;
        }

        var agent = new PairingAgent(path, pairing);
        bus.Connection.Objects.Add(PairingAgent.Path, agent);
        try
        {
            var reply = await bus.CallAsync(
                BlueZNames.Root, BlueZNames.AgentManager, "RegisterAgent", cancellation, DbusValue.ObjectPath(PairingAgent.Path), DbusValue.String(agent.Capability));
            if (reply.Error is { Name: not BlueZNames.AlreadyExists } refused)
            {
                return refused;
            }

            reply = await bus.CallAsync(path, BlueZNames.Device, "Pair", limit, cancellation);
            return reply.Error is { Name: not BlueZNames.AlreadyExists } error ? error : null;
        }
        finally
        {
            bus.Tell(BlueZNames.Root, BlueZNames.AgentManager, "UnregisterAgent", DbusValue.ObjectPath(PairingAgent.Path));
            bus.Connection.Objects.Remove(PairingAgent.Path);
        }
    }

    private void Forget(BlueZConnection connection) => _connections.TryRemove(new(connection.Path, connection));
}
