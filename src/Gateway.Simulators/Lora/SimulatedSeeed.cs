using System.Text;

namespace Gateway.Simulators;

/// <summary>Seeed LoRa-E5 ("LoRa-E5 AT Command Specification" V1.0).</summary>
public sealed class SimulatedSeeed : SimulatedModem
{
    private bool _isTest;
    private bool _isReceiving;

    public override bool IsListening => _isReceiving;

    protected override byte[] Banner => "+RESET: OK\r\n"u8.ToArray();

    protected override string Busy => "+TEST: ERROR(-12)";

    protected override void Begin() => (_isTest, _isReceiving) = (false, false);

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) =>
        Encoding.ASCII.GetBytes($"\r\n+TEST: LEN:{payload.Length}, RSSI:{rssi}, SNR:{snr}\r\n+TEST: RX \"{Convert.ToHexString(payload)}\"\r\n");

    protected override void Command(string line)
    {
        switch (line)
        {
            case "AT":
                Answer("+AT: OK");
                break;
            case "AT+MODE":
                Answer(_isTest ? "+MODE: TEST" : "+MODE: LWOTAA");
                break;
            case "AT+MODE=TEST":
                (_isTest, _isReceiving) = (true, false);
                Answer("+MODE: TEST");
                break;
            case var _ when !_isTest:
                Answer("+TEST: ERROR(-12)");
                break;
            case "AT+TEST=RXLRPKT":
                _isReceiving = Settings.ContainsKey("RFCFG");
                Answer("+TEST: RXLRPKT");
                break;
            case var set when set.StartsWith("AT+TEST=RFCFG,", StringComparison.Ordinal):
                Settings["RFCFG"] = set[14..];
                Answer("+TEST: RFCFG F:868500000, SF7, BW125K, TXPR:8, RXPR:8, POW:14dBm, CRC:ON, IQ:OFF, NET:OFF");
                break;
            case var tx when tx.StartsWith("AT+TEST=TXLRPKT, \"", StringComparison.Ordinal):
                _isReceiving = false;
                Answer($"+TEST: TXLRPKT \"{tx[18..^1]}\"");
                Send(Convert.FromHexString(tx[18..^1]));
                Answer("+TEST: TX DONE");
                break;
            default:
                Answer("+AT: ERROR(-1)");
                break;
        }
    }
}
