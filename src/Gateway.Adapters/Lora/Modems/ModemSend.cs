namespace Gateway.Adapters.Lora;

/// <summary>A packet on its way out.</summary>
/// <param name="payload">What the modem shall send.</param>
/// <param name="to">The receiver's address, where the modem's protocol has one.</param>
/// <param name="airtime">How long it is on the air.</param>
internal sealed class ModemSend(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime)
{
    private readonly TaskCompletionSource<string?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<byte> Payload => payload;

    public int To => to;

    public TimeSpan Airtime => airtime;

    /// <summary>Why it was not sent; null: it was.</summary>
    public Task<string?> Result => _result.Task;

    public void Complete(string? problem) => _result.TrySetResult(problem);
}
