using System.Net.Sockets;
using Gateway.Broker;
using Gateway.Storage;

namespace Gateway.Hosting;

/// <summary>Finds the words for what kept the daemon from starting.</summary>
internal static class StartFaults
{
    /// <returns>null: it is a defect, and deserves its stack trace.</returns>
    public static StartException? Explain(Exception error, GatewayConfiguration configuration) => error switch
    {
        StartException known => known,
        IOException when File.Exists(configuration.Gateway.Data) => new StartException($"{configuration.Gateway.Data} is a file, where the data folder should be; move it away, or set gateway.data", error),
        BrokerStartException or JournalException => new StartException(error.Message, error),
        UnauthorizedAccessException => new StartException(
            $"{error.Message} The data folder {configuration.Gateway.Data} must belong to the user that runs the gateway: chown it, or set gateway.data", error),
        _ when BindFailure.Explain(error, configuration.Broker) is { } bind => new StartException(bind.Message, error),
        IOException or SocketException => new StartException(error.Message, error),
        _ => null,
    };
}
