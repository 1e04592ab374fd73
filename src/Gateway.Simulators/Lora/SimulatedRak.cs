using System.Text;

namespace Gateway.Simulators;

/// <summary>RAK3172 with RUI3 ("RUI3 AT Command Manual"), or the firmware before it ("Deprecated AT Command Manual"). Starts in LoRaWAN mode; changing the mode restarts it.</summary>
/// <param name="isOld">Firmware up to 1.0.4: values without a name in front, packets in two lines.</param>
public sealed class SimulatedRak(bool isOld = false) : SimulatedModem
{
    private bool _isPeerToPeer;
    private string _receive = "0";

    public override bool IsListening => _isPeerToPeer && _receive != "0" && Settings.ContainsKey("P2P");

    protected override byte[] Banner => Encoding.ASCII.GetBytes(
        $"{(isOld ? "RAK3172-H Version:v1.0.2 May 26 2021" : "RAKwireless RAK3172-H Example\r\n------------------------------------------------------")}\r\nCurrent Work Mode: {(_isPeerToPeer ? "LoRa P2P" : "LoRaWAN")}.\r\n");

    protected override string Busy => "AT_BUSY_ERROR";

    protected override void Begin() => _receive = "0";

    private string Channel => Settings.GetValueOrDefault("P2P", "868000000:7:125:0:8:14");

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) => Encoding.ASCII.GetBytes(
        isOld ? $"+EVT:RXP2P, RSSI {rssi}, SNR {snr}\r\n+EVT:{Convert.ToHexString(payload)}\r\n" : $"+EVT:RXP2P:{rssi}:{snr}:{Convert.ToHexString(payload)}\r\n");

    protected override void Command(string line)
    {
        switch (line)
        {
            case "AT":
                Answer("\r\nOK");
                break;
            case "AT+NWM=?":
                Tell("NWM", _isPeerToPeer ? "0" : "1");
                break;
            case "AT+NWM=0":
                _isPeerToPeer = true;
                Answer("OK");
                Restart();
                break;
            case "AT+P2P=?" when _receive != "0":
                Answer("\r\nAT_BUSY_ERROR");
                break;
            case "AT+P2P=?":
                Tell("P2P", Channel);
                break;
            case var _ when !_isPeerToPeer:
                Answer("AT_MODE_NO_SUPPORT");
                break;
            case var set when set.StartsWith("AT+PRECV=", StringComparison.Ordinal) && _receive != "0" && set != "AT+PRECV=0":
                Answer("\r\nAT_BUSY_ERROR");
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

    private void Tell(string name, string value) => Answer($"{(isOld ? "" : $"AT+{name}=")}{value}\r\n\r\nOK");
}
