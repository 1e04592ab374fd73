namespace Gateway.Broker;

/// <summary>Something on this machine keeps the broker from starting, and will not heal by itself. The message says what and what to do; the daemon exits with 1.</summary>
public sealed class BrokerStartException(string message, Exception? inner = null) : Exception(message, inner);
