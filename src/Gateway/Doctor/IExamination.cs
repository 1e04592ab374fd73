namespace Gateway.Doctor;

/// <summary>Looks at one thing outside of the gateway that can be wrong. Never throws for what it finds, and changes nothing.</summary>
internal interface IExamination
{
    IAsyncEnumerable<Finding> ExamineAsync(CancellationToken cancellation);
}
