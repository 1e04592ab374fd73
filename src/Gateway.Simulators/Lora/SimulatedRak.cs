using System.Text;

namespace Gateway.Simulators;

/// <summary>RAK3172 with RUI3 ("RUI3 AT Command Manual"). Starts in LoRaWAN mode; changing the mode restarts it.</summary>
public sealed class SimulatedRak : SimulatedModem
{
    private bool _isPeerToPeer;
    private string _receive = "0";

    public override bool IsListening => _isPeerToPeer && _receive != "0" && Settings.ContainsKey("P2P");

    protected override byte[] Banner => Encoding.ASCII.GetBytes($"RAKwireless RAK3172-H Example\r\n------------------------------------------------------\r\nCurrent Work Mode: {(_isPeerToPeer ? "LoRa P2P" : "LoRaWAN")}.\r\n");

    protected override string Busy => "AT_BUSY_ERROR";

    protected override void Begin() => _receive = "0";

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) => Encoding.ASCII.GetBytes($"+EVT:RXP2P:{rssi}:{snr}:{Convert.ToHexString(payload)}\r\n");

    protected override void Command(string line)
    {
        switch (line)
        {
            case "AT":
                Answer("\r\nOK");
                break;
            case "AT+NWM=?":
                Answer($"AT+NWM={(_isPeerToPeer ? 0 : 1)}\r\n\r\nOK");
                break;
            case "AT+NWM=0":
                _isPeerToPeer = true;
                Restart();
                break;
            case "AT+PRECV=?":
                Answer($"AT+PRECV={_receive}\r\n\r\nOK");
                break;
            case var _ when !_isPeerToPeer:
                Answer("AT_MODE_NO_SUPPORT");
                break;
            case var set when set.StartsWith("AT+PRECV=", StringComparison.Ordinal):
                _receive = set[9..];
                Answer("\r\nOK");
                break;
            case var set when set.StartsWith("AT+P2P=", StringComparison.Ordinal):
                if (_receive != "0")
                {
                    Answer("AT_BUSY_ERROR");
                    break;
                }

                Settings["P2P"] = set[7..];
                Answer("\r\nOK");
                break;
            case var tx when tx.StartsWith("AT+PSEND=", StringComparison.Ordinal):
                Answer("\r\nOK");
                Send(Convert.FromHexString(tx[9..]));
                Answer("+EVT:TXP2P DONE");
                break;
            default:
                Answer("AT_ERROR");
                break;
        }
    }
}
