namespace Gateway.Hosting;

/// <summary>A local fault that does not heal by waiting: the message says what, where, and what to do; the daemon exits with 1.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
