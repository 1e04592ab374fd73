using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Carries out one request of a tool: once on the wire, never repeated. What it means for the devices is for their polls to find out.</summary>
internal sealed class AccessDesk(ModbusMaster master, LineKeeper line)
{
    public async ValueTask ExecuteAsync(AccessRequest request, bool isUp, CancellationToken cancellation)
    {
        var reply = new FieldReply(FieldOutcome.Unanswered, default, "the link stopped meanwhile", "ask again when it is up");
        try
        {
            reply = isUp ? await AskAsync(request, cancellation)
                : FieldReply.NotSent(line.Fault?.Reason ?? "not connected", line.Fault?.Remedy ?? "look at edge-gateway status");
        }
        finally
        {
            request.Reply.TrySetResult(reply);
        }
    }

    private async ValueTask<FieldReply> AskAsync(AccessRequest request, CancellationToken cancellation)
    {
        var response = new byte[ModbusLimits.Pdu];
        var answer = await master.ExchangeAsync(request.Unit, request.Pdu, response, cancellation);

        // The line was up: one that closes itself because nobody answered (a unit that is not there) is opened again at once, for the next request.
        line.Carried();
        if (answer.Status == TransactionStatus.Ok)
        {
            return new(FieldOutcome.Answered, response.AsMemory(0, answer.Length));
        }

        var result = new TransactionResult(answer.Status);
        return answer.Status == TransactionStatus.Closed && master.Fault is { } fault
            ? new(FieldOutcome.Unanswered, default, fault.Reason, fault.Remedy)
            : new(FieldOutcome.Unanswered, default, result.Reason, result.Remedy);
    }
}
