using System.Globalization;

namespace Gateway.Benchmarks.Modbus;

/// <summary>What <c>scripts/bench modbus</c> runs on our side, case by case; the other side is <c>peer.c</c>.</summary>
internal static class ModbusCases
{
    public const string Usage = """
        modbus poll PORT SECONDS REGISTERS                polls a TCP server as fast as it can; prints polls/s, CPU us and bytes of garbage per poll
        modbus parts REGISTERS                            prints the us of a poll that are spent above the link
        modbus line PATH BAUD UNITS REGISTERS SECONDS     polls the units of a serial line in turn; prints polls/s
        modbus wire BAUD REGISTERS                        prints the polls/s that the wire itself allows
        modbus subscribe PORT SECONDS                     counts readings; prints how many a second came, p50 and p99 in ms since they were read
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["poll", var port, var seconds, var registers]:
                await PollRun.TcpAsync(Number(port), TimeSpan.FromSeconds(Number(seconds)), Number(registers));
                return 0;
            case ["parts", var registers]:
                await PartsRun.RunAsync(Number(registers));
                return 0;
            case ["line", var path, var baud, var units, var registers, var seconds]:
                await PollRun.LineAsync(path, Number(baud), Number(units), Number(registers), TimeSpan.FromSeconds(Number(seconds)));
                return 0;
            case ["wire", var baud, var registers]:
                PollRun.Wire(Number(baud), Number(registers));
                return 0;
            case ["subscribe", var port, var seconds]:
                ReadingsRun.Run(Number(port), TimeSpan.FromSeconds(Number(seconds)));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
