using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Lora;

/// <summary>The commands of one node, one after the other: waits until it listens and the region allows it, sends, waits for the acknowledgement, sends again. Belongs to the link's task.</summary>
/// <param name="device">The node.</param>
/// <param name="gate">Makes its frames; null: payloads go as they are.</param>
/// <param name="transmitter">Sends.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets what was written.</param>
internal sealed class CommandDesk(LoraDevice device, NodeGate? gate, ILoraTransmitter transmitter, TimeProvider time, ILogger log)
{
    /// <summary>3 times: with every second packet lost, seven of eight commands arrive.</summary>
    public const int MostTries = 3;

    /// <summary>2 s for the node to think, besides the time both packets take on the air.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private const int MostWaiting = 16;

    private readonly LinkedList<LoraCommand> _waiting = [];
    private long? _spokeAt;

    private bool Acknowledges => gate is not null && device.Acknowledges;

    public bool HasCommands => _waiting.Count > 0;

    public void Enqueue(LoraCommand command)
    {
        if (_waiting.Count >= MostWaiting)
        {
            command.Result.TrySetResult(new(false, $"busy: {MostWaiting} commands are waiting for this node", null));
            return;
        }

        _waiting.AddLast(command);
    }

    /// <summary>The node has said something: if it sleeps, it listens now.</summary>
    public void Spoke() => _spokeAt = time.GetTimestamp();

    /// <summary>The node says that a frame arrived.</summary>
    public void Acknowledged(uint counter)
    {
        if (_waiting.First?.Value is { Frame: { } frame, Tries: > 0 } command && frame.Counter == counter)
        {
            Finish(command, null);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Step()
    {
        while (_waiting.First?.Value is { } command)
        {
            if (command.Result.Task.IsCompleted)
            {
                // Given up by who asked for it.
                _waiting.RemoveFirst();
                continue;
            }

            if (command.Sending is { } sending)
            {
                if (!sending.Result.IsCompleted)
                {
                    return;
                }

                command.Sending = null;
                Sent(command, sending);
            }
            else if (command.Deadline is { } deadline)
            {
                if (time.GetTimestamp() < deadline)
                {
                    return;
                }

                command.Deadline = null;
                if (command.Tries >= MostTries)
                {
                    Finish(command, $"no acknowledgement: sent {MostTries} times");
                }
            }
            else if (!TrySend(command))
            {
                return;
            }
        }
    }

    /// <summary>The link ends.</summary>
    public void Stop(string reason)
    {
        foreach (var command in _waiting)
        {
            command.Result.TrySetResult(new(false, command.Tries > 0 ? $"{reason}; whether it arrived is not known" : reason, null));
        }

        _waiting.Clear();
    }

    private bool TrySend(LoraCommand command)
    {
        if (!transmitter.IsReady || !Listens(command))
        {
            return false;
        }

        if ((Packet(command, out var packet) ?? transmitter.WhyNever(packet.Length)) is { } problem)
        {
            Finish(command, problem);
            return true;
        }

        if (transmitter.WaitFor(packet.Length) is var wait && wait > TimeSpan.Zero)
        {
            command.WaitsFor = string.Create(CultureInfo.InvariantCulture, $"the region's airtime is used up: it could be sent {wait.TotalSeconds:0} s later");
            return false;
        }

        command.WaitsFor = null;

        command.Tries++;
        command.NotBefore = time.GetTimestamp();
        command.Sending = transmitter.Send(packet, device.Node ?? 0);
        return true;
    }

    /// <summary>A sleeping node listens once for each time it speaks.</summary>
    private bool Listens(LoraCommand command) =>
        device.AnswerWithin is not { } within || (_spokeAt is { } at && at > command.NotBefore && time.GetElapsedTime(at) <= within);

    private string? Packet(LoraCommand command, out ReadOnlyMemory<byte> packet)
    {
        packet = command.Payload;
        if (gate is null)
        {
            return null;
        }

        if (command.Frame is null)
        {
            if (gate.Make(FrameKind.Command, command.Port, command.Payload, Acknowledges, out var frame) is { } problem)
            {
                return problem;
            }

            command.Frame = frame;
        }

        packet = command.Frame.Value.ToBytes();
        return null;
    }

    private void Sent(LoraCommand command, ModemSend sending)
    {
        var problem = sending.Result.Result;
        if (problem is not null && command.Tries >= MostTries)
        {
            Finish(command, problem);
        }
        else if (problem is null && !Acknowledges)
        {
            Finish(command, null);
        }
        else if (problem is null)
        {
            command.Deadline = time.GetTimestamp() + Adapters.Ticks.Of(time, AnswerTime + sending.Airtime + transmitter.Airtime(NodeFrame.Overhead + 4));
        }
    }

    private void Finish(LoraCommand command, string? problem)
    {
        _waiting.Remove(command);
        if (!command.Result.TrySetResult(new(problem is null, problem, null)))
        {
            return;
        }

        if (problem is null)
        {
            log.Written(command.Point.Device, command.Point.Id, command.Value.ToString());
        }
        else
        {
            log.WriteFailed(command.Point.Device, command.Point.Id, command.Value.ToString(), problem);
        }
    }
}
