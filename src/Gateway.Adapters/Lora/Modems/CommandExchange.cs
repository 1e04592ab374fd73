namespace Gateway.Adapters.Lora;

/// <summary>What is said to a modem, one command at a time: each waits for its own answer, is said again if none comes, and is given up. Knows no make and no state of the modem.</summary>
/// <remarks>
/// An answer says nothing of which command it belongs to. So an answer that comes late must not be there any more when the next command is said: one that was said twice is answered twice,
/// and the second answer is waited for, as long as answers take at most.
/// </remarks>
/// <param name="write">Takes bytes for the port.</param>
/// <param name="ended">Told how a step ended, and the line that ended it or why. What it adds or clears counts at once.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandExchange(Action<ReadOnlyMemory<byte>> write, Action<ModemStep, StepEnd, string> ended, TimeProvider time)
{
    private const int Tries = 3;

    private readonly LinkedList<ModemStep> _steps = [];
    private ModemStep? _current;
    private int _tries;
    private long _deadline;

    // What the lines of an answer said so far whose last line has not come.
    private Answer? _said;

    // The command whose answers are still to come, how many, and until when they are waited for.
    private ModemCommand? _late;
    private int _lateAnswers;

    /// <summary>Nothing is said, nothing is to be said, no answer is waited for.</summary>
    public bool IsIdle => _current is null && _late is null && _steps.Count == 0;

    /// <summary>Timestamp at which <see cref="Tick"/> has something to do; null: never.</summary>
    public long? Due => _current is not null || _late is not null ? _deadline : null;

    /// <summary>What is under way and what waits.</summary>
    public IEnumerable<ModemStep> Steps => _current is { } current ? _steps.Prepend(current) : _steps;

    public void Add(ModemStep step) => _steps.AddLast(step);

    /// <summary>What waits and was not yet said is not said.</summary>
    public void Drop(Predicate<ModemStep> which)
    {
        for (var node = _steps.First; node is not null;)
        {
            var next = node.Next;
            if (which(node.Value))
            {
                _steps.Remove(node);
            }

            node = next;
        }
    }

    public void Clear()
    {
        (_current, _late, _said) = (null, null, null);
        _steps.Clear();
    }

    /// <summary>Says the next command if its turn has come.</summary>
    public void Proceed()
    {
        if (_current is null && _late is null && _steps.First is { } first)
        {
            _steps.RemoveFirst();
            _tries = 0;
            Say(first.Value);
        }
    }

    /// <summary>A line of the modem.</summary>
    /// <returns>Whether it is an answer.</returns>
    public bool Hear(string line)
    {
        if (_current is not { } step)
        {
            return IsLate(line);
        }

        var answer = step.Command.Match(line);
        if (step.Command.End is { } end)
        {
            _said = answer.Kind == AnswerKind.NotMine ? _said : answer;
            if (!end(line))
            {
                return answer.Kind != AnswerKind.NotMine;
            }

            answer = _said ?? Answer.Done;
        }

        if (answer.Kind == AnswerKind.NotMine)
        {
            return false;
        }

        Answered(step, answer, line);
        return true;
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        if (Due > time.GetTimestamp())
        {
            return;
        }

        if (_current is not { } step)
        {
            _late = null;
        }
        else if (step.Command.IsUnanswered)
        {
            End(step, StepEnd.Done, "");
        }
        else if (step.Command.IsRepeatable && _tries < Tries)
        {
            Say(step);
        }
        else
        {
            End(step, StepEnd.Unanswered, "");
        }
    }

    private void Say(ModemStep step)
    {
        _current = step;
        _said = null;
        _tries++;
        _deadline = time.GetTimestamp() + Ticks.Of(time, step.Command.Timeout);
        write(step.Command.Bytes);
    }

    private void Answered(ModemStep step, in Answer answer, string line)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Progress:
                return;
            case AnswerKind.Failed when !step.Command.MayFail:
                End(step, StepEnd.Refused, answer.Reason ?? line);
                return;
            case AnswerKind.DoneSkipNext:
                _steps.RemoveFirst();
                break;
            default:
                break;
        }

        if (_tries > 1)
        {
            (_late, _lateAnswers, _deadline) = (step.Command, _tries - 1, time.GetTimestamp() + Ticks.Of(time, step.Command.Timeout));
        }

        End(step, answer.Kind == AnswerKind.Restarts ? StepEnd.Restarts : StepEnd.Done, line);
    }

    private void End(ModemStep step, StepEnd end, string line)
    {
        _current = null;
        ended(step, end, line);
    }

    private bool IsLate(string line)
    {
        if (_late is not { } late)
        {
            return false;
        }

        var isAnswer = late.Match(line).Kind is not (AnswerKind.NotMine or AnswerKind.Progress);
        if ((late.End is { } end ? end(line) : isAnswer) && --_lateAnswers == 0)
        {
            _late = null;
        }

        return isAnswer || late.End?.Invoke(line) == true;
    }
}
