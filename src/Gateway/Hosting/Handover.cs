using Gateway.Broker;
using Gateway.Users;

namespace Gateway.Hosting;

/// <summary>Takes another configuration over while the gateway runs: what is the same object in it goes on without a pause.</summary>
internal sealed class Handover(LocalBroker broker, Field field, Bridges bridges, JournalHost storage)
{
    /// <summary>The broker's section with what the gateway adds to it: its own users, and the topics that roles are about.</summary>
    public static (BrokerOptions Options, string? FirstPassword) BrokerOf(GatewayConfiguration configuration, string data)
    {
        var (options, password) = FirstUser.Ensure(configuration.Broker, data);
        return (options with { RoleTopics = RoleFilters.Of(configuration) }, password);
    }

    /// <summary>In the order in which nothing is lost: who gets in; the links that stop; the bridges, so that they know the new devices before these speak; the links that start.</summary>
    /// <exception cref="BrokerStartException">Users, rules, certificates or an address cannot be used. What was begun is undone by taking the former configuration over again.</exception>
    public async Task TakeAsync(GatewayConfiguration next, CancellationToken cancellation)
    {
        await broker.TakeAsync(BrokerOf(next, storage.Folder).Options, cancellation).ConfigureAwait(false);
        try
        {
            await field.LeaveAsync(next).ConfigureAwait(false);
            await bridges.TakeAsync(next).ConfigureAwait(false);
            storage.Take(next);
            field.Enter(next);
        }
        finally
        {
            field.Settle();
        }
    }
}
