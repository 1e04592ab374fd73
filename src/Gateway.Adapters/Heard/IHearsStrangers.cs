namespace Gateway.Adapters.Heard;

/// <summary>What an adapter that hears may offer beside: who else is there. Optional; asked for with <c>is</c>.</summary>
public interface IHearsStrangers
{
    /// <summary>Devices that are not in the configuration, latest heard last. Any thread.</summary>
    IReadOnlyList<Stranger> Strangers { get; }
}
