namespace Gateway.Benchmarks.Ble;

/// <summary>What <c>scripts/bench ble</c> runs.</summary>
internal static class BleCases
{
    public const string Usage = "ble decode                                        advertisements a second and bytes of garbage each, format by format";

    public static int Run(string[] args)
    {
        if (args is ["decode"])
        {
            DecodeRun.Run();
            return 0;
        }

        Console.Error.WriteLine(Usage);
        return 2;
    }
}
