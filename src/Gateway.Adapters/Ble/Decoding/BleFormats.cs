namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Every format of advertisements that the gateway understands, one line each.</summary>
public static class BleFormats
{
    public static IReadOnlyList<IBleFormat> All { get; } =
    [
        new BtHomeFormat(),
        new RuuviFormat(),
        new MiBeaconFormat(),
        new AtcFormat(),
        new GoveeFormat(),
        new SwitchBotFormat(),
        new InkbirdFormat(),
        new EddystoneFormat(),
        new IBeaconFormat(),
    ];

    /// <summary>The format of this name; null: there is none.</summary>
    public static IBleFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The format of an advertisement; null: none. A device that sends several at a time (some firmware does) is known by the first in the list.</summary>
    public static IBleFormat? Recognise(Advertisement advertisement)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Recognises(advertisement))
            {
                return All[i];
            }
        }

        return null;
    }
}
