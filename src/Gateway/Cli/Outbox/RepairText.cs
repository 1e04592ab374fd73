using Gateway.OutboxControl;

namespace Gateway.Cli;

/// <summary>What a verification found, for people, line by line as it comes.</summary>
internal sealed class RepairText(TextWriter output)
{
    private bool _quarantineTold;

    public void Write(RepairLine line)
    {
        if (line.File is { } file)
        {
            Write(file);
        }
        else if (line.Stream is { } stream)
        {
            var lost = stream.Lost.Aggregate(0UL, static (sum, range) => sum + (range.To - range.From + 1));
            output.WriteLine($"{stream.Stream}: {Words.Number(stream.Readable)} messages wait and can be read"
                + (lost == 0 ? "" : $", {Words.Number(lost)} cannot: {string.Join(", ", stream.Lost.Select(Range))}"));
        }
        else if (line.Quarantined is { } copy)
        {
            Write(copy);
        }
        else if (line.Result is { } result)
        {
            Write(result);
        }
    }

    private void Write(RepairedFile file)
    {
        output.WriteLine($"{file.Name}: {Words.Number((ulong)file.Commits)} commits, {Words.Number((ulong)file.Entries)} messages, {Words.Bytes(file.Bytes)}"
            + (file.Damaged.Count == 0 ? ", intact" : file.Known ? ", damaged, which is known" : ", DAMAGED"));
        foreach (var part in file.Damaged)
        {
            output.WriteLine($"  at {part.Offset}, {part.Length} bytes: {part.What}");
        }
    }

    private void Write(QuarantinedCopy copy)
    {
        if (!_quarantineTold)
        {
            _quarantineTold = true;
            output.WriteLine("in quarantine: copies that nothing reads; keep them for whoever looks for what was lost, or remove them");
        }

        output.WriteLine($"  {Path.Combine(copy.Folder, copy.Name)}, {Words.Bytes(copy.Bytes)}{(copy.Reason is null ? "" : $": {copy.Reason}")}");
    }

    private void Write(RepairResult result) => output.WriteLine(result switch
    {
        { Damaged: false } => "nothing is wrong that was not told before",
        { Check: true } => $"something is damaged, {Words.Number(result.Lost)} messages are lost; nothing was changed: edge-gateway outbox repair puts it aside and tells upstream. Check the card (dmesg)",
        _ => $"something was damaged, {Words.Number(result.Lost)} messages are lost and told as gaps. Check the card (dmesg), and replace it",
    });

    private static string Range(LineRange range) => range.From == range.To ? $"{range.From}" : $"{range.From} to {range.To}";
}
