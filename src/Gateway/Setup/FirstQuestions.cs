namespace Gateway.Setup;

/// <summary>Asks the installer, at a terminal, the little that the machine cannot know. An empty answer takes what is proposed.</summary>
internal sealed class FirstQuestions(TextReader input, TextWriter output)
{
    private delegate string? Understand(string text, ref FirstAnswers answers);

    /// <param name="proposed">What was found, and what the command line says already.</param>
    /// <param name="isSettled">Whether the command line has answered it, by the option's name.</param>
    /// <returns>null: the terminal was closed.</returns>
    public FirstAnswers? Ask(FirstAnswers proposed, Func<string, bool> isSettled)
    {
        var answers = proposed;
        output.WriteLine("Return takes what stands in brackets.");
        return Ask("id", $"Id of this gateway, unique among yours [{answers.Id ?? "made at the first start"}]: ", FirstAnswer.Id)
            && Ask("root", $"First levels of all topics [{answers.Root}]: ", FirstAnswer.Root)
            && Ask("modbus", "A Modbus TCP device to read, host or host:port [none yet]: ", FirstAnswer.Modbus)
            && Ask("cloud", "A broker to bridge to, like mqtts://cloud.example:8883 [none yet]: ", FirstAnswer.Cloud)
            ? answers
            : null;

        bool Ask(string name, string question, Understand understand) => isSettled(name) || AskUntilUnderstood(question, understand, ref answers);
    }

    private bool AskUntilUnderstood(string question, Understand understand, ref FirstAnswers answers)
    {
        while (true)
        {
            output.Write(question);
            if (input.ReadLine() is not { } line)
            {
                output.WriteLine();
                return false;
            }

            if (line.Trim() is not { Length: > 0 } text || understand(text, ref answers) is not { } problem)
            {
                return true;
            }

            output.WriteLine($"  {problem}");
        }
    }
}
