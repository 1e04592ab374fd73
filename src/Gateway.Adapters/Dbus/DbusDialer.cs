using System.Net.Sockets;
using System.Text;

namespace Gateway.Adapters.Dbus;

/// <summary>Opens a socket to a bus and shows who we are: SASL EXTERNAL, where the kernel tells the bus our user (D-Bus 0.42 "Authentication Protocol").</summary>
internal static class DbusDialer
{
    /// <summary>10 s: a bus on the same machine answers at once or not at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A line of the bus is short ("OK" and 32 digits).</summary>
    private const int LongestLine = 512;

    /// <summary>Without saying which user: the bus knows, and inside a container our own number may not be the one that it sees.</summary>
    private static ReadOnlySpan<byte> Greeting => "\0AUTH EXTERNAL\r\nDATA\r\n"u8;

    private static ReadOnlySpan<byte> Begin => "BEGIN\r\n"u8;

    /// <summary>Tries the addresses in their order.</summary>
    /// <returns>A socket on which messages can be sent, or why there is none.</returns>
    public static async ValueTask<(Socket? Socket, DbusError? Error)> OpenAsync(string addresses, TimeProvider time, CancellationToken cancellation)
    {
        var error = new DbusError(DbusError.BadAddress, $"'{addresses}' names no Unix socket");
        foreach (var address in DbusAddress.Parse(addresses))
        {
            (var socket, error) = await OpenAsync(address, time, cancellation);
            if (socket is not null)
            {
                return (socket, null);
            }
        }

        return (null, error);
    }

    private static async ValueTask<(Socket? Socket, DbusError Error)> OpenAsync(DbusAddress address, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var isReady = false;
        try
        {
            using var deadline = new CancellationTokenSource(Patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Socket), both.Token);
            var error = await AuthenticateAsync(socket, both.Token);
            isReady = error is null;
            return isReady ? (socket, null!) : (null, error!);
        }
        catch (SocketException e)
        {
            var name = e.SocketErrorCode is SocketError.AccessDenied ? DbusError.AccessDenied : DbusError.NoServer;
            return (null, new(name, $"{address}: {e.Message}"));
        }
        catch (ArgumentException e)
        {
            return (null, new(DbusError.BadAddress, $"{address}: {e.Message}"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new(DbusError.NoServer, $"{address}: no answer within {Patience.TotalSeconds:0} s"));
        }
        finally
        {
            if (!isReady)
            {
                socket.Dispose();
            }
        }
    }

    private static async ValueTask<DbusError?> AuthenticateAsync(Socket socket, CancellationToken cancellation)
    {
        await SendAsync(socket, Greeting.ToArray(), cancellation);
        while (true)
        {
            var line = await ReadLineAsync(socket, cancellation);
            switch (line?.Split(' ')[0])
            {
                case "OK":
                    await SendAsync(socket, Begin.ToArray(), cancellation);
                    return null;
                case "DATA":
                    break;
                default:
                    return new(DbusError.AuthFailed, line is null ? "the bus closed the connection during authentication" : $"the bus does not accept this user: {line}");
            }
        }
    }

    private static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellation)..];
        }
    }

    /// <summary>Byte by byte: what follows the last line belongs to the messages.</summary>
    private static async ValueTask<string?> ReadLineAsync(Socket socket, CancellationToken cancellation)
    {
        var line = new byte[LongestLine];
        for (var i = 0; i < line.Length; i++)
        {
            if (await socket.ReceiveAsync(line.AsMemory(i, 1), cancellation) == 0)
            {
                return null;
            }

            if (line[i] == '\n')
            {
                return Encoding.Latin1.GetString(line, 0, i).TrimEnd('\r');
            }
        }

        return Encoding.Latin1.GetString(line);
    }
}
