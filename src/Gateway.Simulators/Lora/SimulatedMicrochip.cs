using System.Globalization;

namespace Gateway.Simulators;

/// <summary>Microchip RN2483 ("Command Reference User's Guide" DS40001784G) and RN2903, which says another name.</summary>
/// <param name="model">Its name.</param>
public sealed class SimulatedMicrochip(string model = "RN2483") : SimulatedModem
{
    private bool _isReceiving;
    private bool _isPaused;
    private int _rssi;
    private int _snr;

    public override bool IsListening => _isReceiving;

    private string Version => $"{model} 1.0.5 Oct 31 2018 15:06:52";

    /// <summary>A packet came that was damaged on the air: the receiver ends.</summary>
    public void HearDamaged()
    {
        _isReceiving = false;
        Say("radio_err\r\n"u8.ToArray());
    }

    protected override byte[] Banner => System.Text.Encoding.ASCII.GetBytes(Version + "\r\n");

    protected override string Busy => "busy";

    protected override void Begin() => (_isReceiving, _isPaused) = (false, false);

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) => System.Text.Encoding.ASCII.GetBytes($"radio_rx  {Convert.ToHexString(payload)}\r\n");

    protected override void Heard(int rssi, int snr) => (_isReceiving, _rssi, _snr) = (false, rssi, snr);

    protected override void Command(string line)
    {
        switch (line)
        {
            case "sys get ver":
                Answer(Version);
                break;
            case "mac pause":
                _isPaused = true;
                Answer("4294967245");
                break;
            case "radio rxstop":
                Answer(_isReceiving ? "ok" : "invalid_param");
                _isReceiving = false;
                break;
            case "radio rx 0":
                Answer(!_isPaused || _isReceiving ? "busy" : "ok");
                _isReceiving = _isPaused;
                break;
            case "radio get rssi":
                Answer(_rssi.ToString(CultureInfo.InvariantCulture));
                break;
            case "radio get snr":
                Answer(_snr.ToString(CultureInfo.InvariantCulture));
                break;
            case "radio get wdt":
                Answer(Settings.GetValueOrDefault("wdt", "15000"));
                break;
            case var tx when tx.StartsWith("radio tx ", StringComparison.Ordinal):
                if (_isReceiving || !_isPaused)
                {
                    Answer("busy");
                    break;
                }

                Answer("ok");
                Send(Convert.FromHexString(tx[9..]));
                Answer("radio_tx_ok");
                break;
            case var set when set.StartsWith("radio set ", StringComparison.Ordinal) && set.Split(' ') is [_, _, var name, var value]:
                if (_isReceiving)
                {
                    Answer("busy");
                    break;
                }

                Settings[name] = value;
                Answer("ok");
                break;
            default:
                Answer("invalid_param");
                break;
        }
    }
}
